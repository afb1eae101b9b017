/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Which value was acknowledged at which offset. Safe from any thread. */
final class Acknowledged {
    private final Map<TopicPartition, Map<Long, String>> values = new HashMap<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    /** Sends a record and notes its answer. One that is an error is wrong: the producer tries again for longer than any restart takes. */
    void send(KafkaProducer<String, String> producer, ProducerRecord<String, String> record, String value) {
        Future<?> ignored = producer.send(record, (metadata, error) -> {
            if (error == null) {
                add(metadata, value);
            } else {
                wrong.compareAndSet(null, value + " was refused: " + error);
            }
        });
    }

    /** The same in a transaction, whose end tells of errors. */
    void sendInTransaction(
            KafkaProducer<String, String> producer, ProducerRecord<String, String> record, String value) {
        Future<?> ignored = producer.send(record, (metadata, error) -> {
            if (error == null) {
                add(metadata, value);
            }
        });
    }

    private void add(RecordMetadata metadata, String value) {
        add(new TopicPartition(metadata.topic(), metadata.partition()), metadata.offset(), value);
    }

    private synchronized void add(TopicPartition partition, long offset, String value) {
        String before =
                values.computeIfAbsent(partition, any -> new HashMap<>()).put(offset, value);
        if (before != null) {
            wrong.compareAndSet(
                    null, before + " and " + value + " were both acknowledged at " + offset + " of " + partition);
        }
        count.incrementAndGet();
    }

    long count() {
        return count.get();
    }

    /** As of now, by partition and offset. */
    synchronized Map<TopicPartition, Map<Long, String>> snapshot() {
        String found = wrong.get();
        if (found != null) {
            throw new AssertionError(found);
        }
        Map<TopicPartition, Map<Long, String>> copy = new HashMap<>();
        values.forEach((partition, offsets) -> copy.put(partition, new HashMap<>(offsets)));
        return copy;
    }

    /** Fails unless every value of {@code snapshot} is where it was acknowledged. */
    static void requireIn(
            Map<TopicPartition, Map<Long, String>> snapshot,
            Map<TopicPartition, List<ConsumerRecord<String, String>>> read) {
        snapshot.forEach((partition, expected) -> {
            Map<Long, String> found = new HashMap<>();
            read.getOrDefault(partition, List.of()).forEach(record -> found.put(record.offset(), record.value()));
            expected.forEach((offset, value) -> {
                if (!value.equals(found.get(offset))) {
                    throw new AssertionError(value + " was acknowledged at " + offset + " of " + partition + ", where "
                            + found.get(offset) + " is; " + found.size() + " records were read");
                }
            });
        });
    }
}
