/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Copies one partition of {@link Numbers} into two of its own, with its offset, in transactions of which some are aborted. Readers of
 * committed records find each number once, in order, in both.
 */
final class Copies implements Part {
    private static final int BATCH = 20;
    private static final int ABORTED_ONE_IN = 4;
    private static final int COPIES = 2;
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Clients clients;
    private final String id;
    private final TopicPartition source;
    private final Random random;
    private final Acknowledged acknowledged = new Acknowledged();
    private final Set<Long> aborted = ConcurrentHashMap.newKeySet();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final KafkaConsumer<String, String> consumer;
    private @Nullable KafkaProducer<String, String> producer;
    private long transaction;
    private boolean settled;

    Copies(Clients clients, int partition, long seed) {
        this.clients = clients;
        this.id = "copies-" + partition;
        this.source = new TopicPartition(Numbers.TOPIC, partition);
        this.random = new Random(seed);
        this.consumer = clients.consumer(
                "group.id", id, "isolation.level", "read_committed", "max.poll.records", Integer.toString(BATCH));
        consumer.assign(List.of(source));
    }

    void createTopic() {
        clients.create(id, COPIES, "segment.bytes", "20000", "index.interval.bytes", "500");
    }

    /** Whatever else but a time-out a client is told is wrong: nobody else uses this transactional id, and a restart is nothing to tell of. */
    @Override
    public void step() {
        KafkaProducer<String, String> current = producer;
        try {
            if (current == null) {
                producer = begin();
                rewind();
            } else {
                copy(current);
            }
        } catch (KafkaException e) {
            if (!(e instanceof TimeoutException) && !(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
            // It does not know what became of the transaction; a new producer finds out.
            giveUp();
        }
    }

    private KafkaProducer<String, String> begin() {
        KafkaProducer<String, String> begun =
                clients.producer("transactional.id", id, "delivery.timeout.ms", "120000", "max.block.ms", "60000");
        try {
            begun.initTransactions();
            return begun;
        } catch (KafkaException e) {
            begun.close(Duration.ZERO);
            throw e;
        }
    }

    private void copy(KafkaProducer<String, String> current) {
        List<ConsumerRecord<String, String>> records = consumer.poll(WAIT).records(source);
        if (records.isEmpty()) {
            return;
        }
        long number = ++transaction;
        boolean aborts = random.nextInt(ABORTED_ONE_IN) == 0;
        if (aborts) {
            aborted.add(number);
        }
        current.beginTransaction();
        for (ConsumerRecord<String, String> record : records) {
            for (int copy = 0; copy < COPIES; copy++) {
                String value = number + " " + record.offset() + " " + record.value();
                acknowledged.sendInTransaction(current, new ProducerRecord<>(id, copy, null, value), value);
            }
        }
        long next = records.get(records.size() - 1).offset() + 1;
        current.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(next)), consumer.groupMetadata());
        if (aborts) {
            current.flush();
            current.abortTransaction();
            rewind();
        } else {
            current.commitTransaction();
            committed.set(next);
            commits.incrementAndGet();
        }
    }

    /** To what is committed, whoever committed it. */
    private void rewind() {
        OffsetAndMetadata found =
                consumer.committed(Set.of(source), Duration.ofMinutes(1)).get(source);
        long offset = found == null ? 0 : found.offset();
        if (offset < committed.get()) {
            throw new AssertionError(id + " had committed " + committed.get() + " and is told " + offset);
        }
        committed.set(offset);
        consumer.seek(source, offset);
    }

    private void giveUp() {
        KafkaProducer<String, String> current = producer;
        producer = null;
        if (current != null) {
            current.close(Duration.ZERO);
        }
    }

    @Override
    public long acknowledged() {
        return commits.get();
    }

    @Override
    public void judge(Reader reader) {
        Map<TopicPartition, Map<Long, String>> snapshot = acknowledged.snapshot();
        long due = committed.get();
        List<TopicPartition> copies = Reader.partitions(id, COPIES);
        Acknowledged.requireIn(snapshot, reader.read(copies, IsolationLevel.READ_UNCOMMITTED));
        if (settled) {
            awaitEnd(reader, copies);
        }
        for (List<String> copy : copied(reader, copies, due)) {
            requireEqual(due, copy);
        }
    }

    /** No transaction is open: the last markers may be on their way yet. */
    private static void awaitEnd(Reader reader, List<TopicPartition> copies) {
        await().atMost(PATIENCE)
                .until(() -> reader.ends(copies, IsolationLevel.READ_COMMITTED)
                        .equals(reader.ends(copies, IsolationLevel.READ_UNCOMMITTED)));
    }

    /** What a reader of committed records sees, once it is at least what is due: a commit may be answered before its markers are written. */
    private List<List<String>> copied(Reader reader, List<TopicPartition> copies, long due) {
        List<List<String>> seen = new ArrayList<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            seen.clear();
            reader.read(copies, IsolationLevel.READ_COMMITTED).forEach((copy, records) -> seen.add(values(records)));
            for (List<String> copy : seen) {
                if (copy.size() < due) {
                    throw new AssertionError(id + ": " + due + " copies were committed, " + copy.size() + " are seen");
                }
            }
        });
        return seen;
    }

    /** The values without the transaction they came in, after a look that they are of none that was aborted, and of consecutive offsets. */
    private List<String> values(List<ConsumerRecord<String, String>> records) {
        List<String> values = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records) {
            String[] words = record.value().split(" ", 3);
            if (aborted.contains(Long.parseLong(words[0]))) {
                throw new AssertionError(record + " is of a transaction that was to be aborted");
            }
            if (Long.parseLong(words[1]) != values.size()) {
                throw new AssertionError(record + " stands where the copy of offset " + values.size() + " should");
            }
            values.add(words[2]);
        }
        return values;
    }

    private void requireEqual(long due, List<String> copy) {
        if (settled && copy.size() != due) {
            throw new AssertionError(id + ": " + copy.size() + " copies, but offset " + due + " is committed");
        }
    }

    @Override
    public void finish() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        giveUp();
        while (producer == null) { // a new one ends what the last one began, and finds what is committed
            if (System.nanoTime() > deadline) {
                throw new AssertionError(id + " cannot begin again");
            }
            step();
        }
        settled = true;
    }

    @Override
    public void close() {
        giveUp();
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
