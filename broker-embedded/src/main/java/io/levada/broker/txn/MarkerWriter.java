/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.topic.Topics;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;

/** Writes markers: to the log of a partition, or, for committed offsets, through the group coordinator. Safe from any thread; never blocks. */
public final class MarkerWriter {
    private final Topics topics;
    private final Function<TopicPartition, Executor> executors;
    private final OffsetsLog offsets;

    /**
     * A writer.
     *
     * @param executors where a partition's appends run, one at a time
     */
    public MarkerWriter(Topics topics, Function<TopicPartition, Executor> executors, OffsetsLog offsets) {
        this.topics = topics;
        this.executors = executors;
        this.offsets = offsets;
    }

    /**
     * Completes once the marker is durable. Fails with {@link UnknownTopicOrPartitionException} if there is no such partition (any more), or as
     * {@link PartitionLog#endTransaction} does.
     */
    CompletableFuture<Void> write(TopicPartition partition, Marker marker) {
        if (!exists(partition)) {
            return CompletableFuture.failedFuture(new UnknownTopicOrPartitionException("there is no " + partition));
        }
        if (partition.topic().equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
            return offsets.end(partition, marker);
        }
        // Of a topic that exists, a partition without a log is out of service, not gone.
        return topics.log(partition)
                .map(log -> write(log, marker))
                .orElseGet(() ->
                        CompletableFuture.failedFuture(new KafkaStorageException(partition + " is not in service")));
    }

    /** The epoch of the coordinator whose marker for a producer a partition has seen last; empty if it remembers none. */
    OptionalInt coordinatorEpochSeen(TopicPartition partition, long producerId) {
        return topics.log(partition).stream()
                .flatMap(log -> log.producers().stream())
                .filter(producer -> producer.producerId() == producerId)
                .mapToInt(ProducerDescription::coordinatorEpoch)
                .findFirst();
    }

    boolean exists(TopicPartition partition) {
        return topics.catalog()
                .find(partition.topic())
                .filter(topic -> topic.hasPartition(partition.partition()))
                .isPresent();
    }

    private CompletableFuture<Void> write(PartitionLog log, Marker marker) {
        return CompletableFuture.supplyAsync(
                        () -> log.endTransaction(
                                marker.producer().id(),
                                marker.producer().epoch(),
                                marker.coordinatorEpoch(),
                                marker.result(),
                                marker.version()),
                        executors.apply(log.partition()))
                .thenCompose(appended -> log.durable(appended.nextOffset()));
    }
}
