/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Two idempotent producers, one of which compresses, that count in every partition. None of their numbers is ever missing, doubled or out of order; they give none up. */
final class Numbers implements Part {
    static final String TOPIC = "numbers";
    static final int PARTITIONS = 3;
    private static final int AHEAD_MAX = 1000;
    private static final int REST_MS = 10;

    private final Map<String, KafkaProducer<String, String>> producers = new TreeMap<>();
    private final Acknowledged acknowledged = new Acknowledged();
    private long steps;

    Numbers(Clients clients) {
        for (String compression : List.of("none", "lz4")) {
            producers.put(
                    compression,
                    clients.producer("compression.type", compression, "linger.ms", "5", "batch.size", "2000"));
        }
    }

    static void createTopic(Clients clients) {
        clients.create(TOPIC, PARTITIONS, "segment.bytes", "20000", "index.interval.bytes", "500");
    }

    @Override
    public void step() throws InterruptedException {
        if (sent() - acknowledged.count() < AHEAD_MAX) {
            int partition = (int) (steps % PARTITIONS);
            long number = steps / PARTITIONS;
            producers.forEach((name, producer) -> {
                String value = name + " " + number;
                acknowledged.send(producer, new ProducerRecord<>(TOPIC, partition, null, value), value);
            });
            steps++;
        }
        TimeUnit.MILLISECONDS.sleep(REST_MS);
    }

    private long sent() {
        return steps * producers.size();
    }

    @Override
    public long acknowledged() {
        return acknowledged.count();
    }

    @Override
    public void judge(Reader reader) {
        Map<TopicPartition, Map<Long, String>> snapshot = acknowledged.snapshot();
        for (IsolationLevel isolation : IsolationLevel.values()) {
            var read = reader.read(Reader.partitions(TOPIC, PARTITIONS), isolation);
            Acknowledged.requireIn(snapshot, read);
            read.forEach(Numbers::requireCounts);
        }
    }

    private static void requireCounts(TopicPartition partition, List<ConsumerRecord<String, String>> records) {
        Map<String, Long> next = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            String[] words = record.value().split(" ", 2);
            long expected = next.getOrDefault(words[0], 0L);
            if (Long.parseLong(words[1]) != expected) {
                throw new AssertionError(
                        record.value() + " is at " + record.offset() + " of " + partition + " instead of " + expected);
            }
            next.put(words[0], expected + 1);
        }
    }

    @Override
    public void finish() {
        producers.values().forEach(KafkaProducer::flush);
        if (acknowledged.count() != sent()) {
            throw new AssertionError(acknowledged.count() + " of " + sent() + " numbers were acknowledged");
        }
    }

    @Override
    public void close() {
        producers.values().forEach(producer -> producer.close(Duration.ZERO));
    }
}
