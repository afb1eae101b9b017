/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows the topic from its first record, with a stock consumer. */
final class TopicChanges implements Place {

    private static final Duration POLL_MAX = Duration.ofMillis(100);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int POLLS_MAX = 50;

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ArrivedChanges changes = new ArrivedChanges();

    TopicChanges(String bootstrap, String topic) {
        this.partition = new TopicPartition(topic, 0);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    @Override
    public String name() {
        return "topic " + partition.topic();
    }

    /** Up to where the topic ends now: more may come all the time. */
    @Override
    public void look() {
        Long end = consumer.endOffsets(List.of(partition), ANSWER_MAX).get(partition);
        for (int polls = 0;
                polls < POLLS_MAX && end != null && consumer.position(partition, ANSWER_MAX) < end;
                polls++) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_MAX)) {
                if (record.value() != null) { // else the mark behind a deletion, for compaction
                    changes.add(record.value());
                }
            }
        }
    }

    @Override
    public ArrivedChanges changes() {
        return changes;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
