/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A compacted topic with small segments: of each key the last version is there, or a later one; what is there has not moved; tombstones take away. */
final class Table implements Part {
    private static final String TOPIC = "table";
    private static final int PARTITIONS = 2;
    private static final int KEYS = 40;
    private static final int REMOVED_ONE_IN = 10;
    private static final int AHEAD_MAX = 500;

    private final KafkaProducer<String, String> producer;
    private final Random random;
    private final Acknowledged acknowledged = new Acknowledged();
    private long sent;
    private volatile long seen;

    Table(Clients clients, long seed) {
        this.producer = clients.producer("linger.ms", "5", "batch.size", "1000", "compression.type", "lz4");
        this.random = new Random(seed);
    }

    static void createTopic(Clients clients) {
        clients.create(
                TOPIC,
                PARTITIONS,
                "cleanup.policy",
                "compact",
                "segment.bytes",
                "5000",
                "index.interval.bytes",
                "500",
                "min.cleanable.dirty.ratio",
                "0.01",
                "delete.retention.ms",
                "2000",
                "file.delete.delay.ms",
                "1000");
    }

    /** A version is the number of the record; a tombstone carries it in its time, as it has no value. */
    @Override
    public void step() throws InterruptedException {
        if (sent - acknowledged.count() < AHEAD_MAX) {
            long version = ++sent;
            int key = random.nextInt(KEYS);
            String value = random.nextInt(REMOVED_ONE_IN) == 0 ? null : "version " + version;
            acknowledged.send(
                    producer,
                    new ProducerRecord<>(TOPIC, key % PARTITIONS, version, "key " + key, value),
                    text("key " + key, version, value));
        }
        TimeUnit.MILLISECONDS.sleep(5);
    }

    private static String text(String key, long version, @Nullable String value) {
        return key + " " + version + " " + value;
    }

    private static String text(ConsumerRecord<String, String> record) {
        return text(record.key(), record.timestamp(), record.value());
    }

    private static long version(String text) {
        return Long.parseLong(text.split(" ", 4)[2]);
    }

    private static String key(String text) {
        return text.split(" ", 3)[1];
    }

    private static boolean removes(String text) {
        return text.endsWith(" null");
    }

    @Override
    public long acknowledged() {
        return acknowledged.count();
    }

    /** How many records were there when it was looked at last: fewer than were acknowledged, by what compaction took. */
    long seen() {
        return seen;
    }

    @Override
    public void judge(Reader reader) {
        Map<TopicPartition, Map<Long, String>> snapshot = acknowledged.snapshot();
        for (IsolationLevel isolation : IsolationLevel.values()) {
            var read = reader.read(Reader.partitions(TOPIC, PARTITIONS), isolation);
            snapshot.forEach((partition, values) -> judge(partition, values, read.getOrDefault(partition, List.of())));
            seen = read.values().stream().mapToLong(List::size).sum();
        }
    }

    private static void judge(
            TopicPartition partition, Map<Long, String> snapshot, List<ConsumerRecord<String, String>> records) {
        Map<String, String> last = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            String found = text(record);
            String expected = snapshot.getOrDefault(record.offset(), found);
            if (!expected.equals(found)) {
                throw new AssertionError(expected + " was acknowledged at " + record.offset() + " of " + partition
                        + ", where " + found + " is");
            }
            String before = last.put(key(found), found);
            if (before != null && version(before) >= version(found)) {
                throw new AssertionError(found + " follows " + before + " in " + partition);
            }
        }
        Map<String, String> due = new HashMap<>();
        snapshot.values().forEach(value -> due.merge(key(value), value, (a, b) -> version(a) > version(b) ? a : b));
        due.forEach((key, value) -> {
            String found = last.get(key);
            boolean isThere = found == null ? removes(value) : version(found) >= version(value);
            if (!isThere) {
                throw new AssertionError(value + " was acknowledged to " + partition + ", the last there is " + found);
            }
        });
    }

    @Override
    public void finish() {
        producer.flush();
        if (acknowledged.count() != sent) {
            throw new AssertionError(acknowledged.count() + " of " + sent + " versions were acknowledged");
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
