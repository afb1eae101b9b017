/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic with the stock consumer. */
public final class TopicReader {

    private TopicReader() {}

    /** Whether there is such a topic. */
    public static boolean exists(String bootstrap, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new StringDeserializer(),
                new StringDeserializer())) {
            return consumer.listTopics().containsKey(topic);
        }
    }

    /** The values of a topic from its beginning, as soon as there are {@code count} of them. */
    public static List<String> values(String bootstrap, String topic, int count) {
        return records(bootstrap, topic, count).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    /** The records of a topic from its beginning, as soon as there are {@code count} of them. */
    public static List<ConsumerRecord<String, String>> records(String bootstrap, String topic, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Instant deadline = Instant.now().plusSeconds(120);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            List<TopicPartition> assigned = partitions.stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            while (records.size() < count) {
                if (Instant.now().isAfter(deadline)) {
                    throw new AssertionError("topic " + topic + " holds " + records.size() + " records, not " + count);
                }
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
