/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Reads whole partitions with the stock consumer, up to the end they have at the call. */
final class Reader {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private final Clients clients;

    Reader(Clients clients) {
        this.clients = clients;
    }

    Clients clients() {
        return clients;
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** All records of each partition, in their order. */
    Map<TopicPartition, List<ConsumerRecord<String, String>>> read(
            Collection<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, List<ConsumerRecord<String, String>>> records = new HashMap<>();
        partitions.forEach(partition -> records.put(partition, new ArrayList<>()));
        try (KafkaConsumer<String, String> consumer = consumer(isolation)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey(), PATIENCE) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("not read to the ends " + ends + " within " + PATIENCE);
                }
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    records.computeIfAbsent(
                                    new TopicPartition(record.topic(), record.partition()), any -> new ArrayList<>())
                            .add(record);
                }
            }
        }
        return records;
    }

    /** Where each partition ends for such a reader. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel isolation) {
        try (KafkaConsumer<String, String> consumer = consumer(isolation)) {
            return consumer.endOffsets(partitions, PATIENCE);
        }
    }

    private KafkaConsumer<String, String> consumer(IsolationLevel isolation) {
        return clients.consumer(
                "isolation.level", isolation.toString().toLowerCase(Locale.ROOT), "fetch.max.wait.ms", "50");
    }
}
