/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** A topic that one coordinator keeps its state in, and nobody else writes to. Safe to use from any thread. */
public interface InternalTopic {
    String name();

    /** How many partitions it has; 0 before it is made. */
    int partitions();

    /** Makes the topic if there is none yet. */
    CompletableFuture<Void> ready();

    /** The log of one partition; empty if the topic is not there. */
    Optional<? extends ShardLog> log(int partition);

    /** The partition that keeps everything about {@code key}, as Kafka spreads them; empty before the topic is made. */
    default Optional<TopicPartition> partitionFor(String key) {
        int partitions = partitions();
        return partitions == 0
                ? Optional.empty()
                : Optional.of(new TopicPartition(name(), Utils.abs(key.hashCode()) % partitions));
    }

    /**
     * A topic of this broker.
     *
     * @param partitions when it is made
     * @param configs its settings when it is made
     */
    static InternalTopic of(Topics topics, String name, int partitions, Map<String, String> configs) {
        NewTopic wanted = new NewTopic(name, partitions, configs);
        return new InternalTopic() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int partitions() {
                return topics.catalog().find(name).map(Topic::partitions).orElse(0);
            }

            @Override
            public CompletableFuture<Void> ready() {
                return topics.findOrCreate(wanted).thenApply(topic -> null);
            }

            @Override
            public Optional<StoredShardLog> log(int partition) {
                return topics.log(new TopicPartition(name, partition)).map(StoredShardLog::new);
            }
        };
    }
}
