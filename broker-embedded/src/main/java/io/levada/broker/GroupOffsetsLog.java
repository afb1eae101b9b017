/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.group.GroupCoordinator;
import io.levada.broker.txn.Marker;
import io.levada.broker.txn.OffsetsLog;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** The group coordinator as transactions see it: neither package knows the other. */
record GroupOffsetsLog(GroupCoordinator groups) implements OffsetsLog {
    @Override
    public CompletableFuture<TopicPartition> partitionOf(String groupId) {
        return groups.partitionOf(groupId);
    }

    @Override
    public CompletableFuture<Void> end(TopicPartition partition, Marker marker) {
        return groups.endTransaction(
                partition,
                marker.producer().id(),
                marker.producer().epoch(),
                marker.coordinatorEpoch(),
                marker.result(),
                marker.version());
    }
}
