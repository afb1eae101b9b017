/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** What transactions need of the group coordinator, which owns {@code __consumer_offsets}: offsets are committed within a transaction too. */
public interface OffsetsLog {
    /** The partition that keeps the offsets of a group; the topic is made if need be. */
    CompletableFuture<TopicPartition> partitionOf(String groupId);

    /** Ends a producer's transaction in one of its partitions; completes once that is durable. */
    CompletableFuture<Void> end(TopicPartition partition, Marker marker);
}
