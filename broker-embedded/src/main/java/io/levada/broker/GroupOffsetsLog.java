/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.group.GroupCoordinator;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topics;
import io.levada.broker.txn.Marker;
import io.levada.broker.txn.OffsetsLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.utils.Utils;

/** The group coordinator as transactions see it: groups know transactions, not the other way round. */
record GroupOffsetsLog(GroupCoordinator groups, Topics topics, Function<TopicPartition, Executor> executors)
        implements OffsetsLog {
    @Override
    public CompletableFuture<TopicPartition> partitionOf(String groupId) {
        return groups.ready()
                .thenApply(
                        topic -> new TopicPartition(topic.name(), Utils.abs(groupId.hashCode()) % topic.partitions()));
    }

    @Override
    public CompletableFuture<Void> end(TopicPartition partition, Marker marker) {
        return CompletableFuture.supplyAsync(
                        () -> topics.log(partition)
                                .orElseThrow(() -> new KafkaStorageException(partition + " is not in service")),
                        executors.apply(partition))
                .thenCompose(log -> end(log, marker));
    }

    private static CompletableFuture<Void> end(PartitionLog log, Marker marker) {
        return log.durable(log.endTransaction(
                        marker.producer().id(), marker.producer().epoch(), marker.coordinatorEpoch(), marker.result())
                .nextOffset());
    }
}
