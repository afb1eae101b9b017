/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import java.util.Map;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.network.ListenerName;

/** This one-broker cluster as clients see it. */
public final class Cluster {
    /** The id of the only node, which is also the controller and the coordinator of everything. */
    public static final int NODE_ID = 1;

    private final String id;
    private final Map<ListenerName, Node> nodes;

    /**
     * The cluster.
     *
     * @param nodes the node with the address that clients of each listener are to use
     */
    public Cluster(String id, Map<ListenerName, Node> nodes) {
        this.id = id;
        this.nodes = Map.copyOf(nodes);
    }

    public String id() {
        return id;
    }

    /** The node for a client that came in by {@code listener}. */
    public Node node(ListenerName listener) {
        Node node = nodes.get(listener);
        if (node == null) {
            throw new IllegalStateException("no listener " + listener.value());
        }
        return node;
    }
}
