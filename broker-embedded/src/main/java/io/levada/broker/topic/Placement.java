/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.List;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;

/** Replicas that a client has placed by hand. On a cluster of one broker there is one way to do so. */
final class Placement {
    private final int node;

    /** @param node the id of the broker */
    Placement(int node) {
        this.node = node;
    }

    /** Throws {@link InvalidReplicaAssignmentException} unless the replicas of {@code partition} are the one node, once. */
    void check(int partition, List<Integer> replicas) {
        if (!replicas.equals(List.of(node))) {
            throw new InvalidReplicaAssignmentException("the replicas of partition " + partition + " are placed on "
                    + replicas + ", and this cluster is the one broker " + node);
        }
    }
}
