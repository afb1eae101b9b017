/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.jdbc.cdc.event.TakenSignals;
import io.levada.connect.jdbc.threads.ConnectorThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of a topic's first partition, those with our key. A thread of its own reads them, from behind what was taken on; where
 * nothing was, from what the group has committed, as Debezium leaves it, or else where {@code auto.offset.reset} says. What is stored
 * is committed too, which only matters when the connector's offsets are removed.
 */
final class SignalTopic implements SignalChannel {

    private static final Logger LOGGER = LoggerFactory.getLogger(SignalTopic.class);
    private static final int WAITING_MAX = 100;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private final TopicPartition partition;
    private final byte[] key;
    private final Duration interval;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final BlockingQueue<ConsumerRecord<byte[], byte[]>> arrived = new ArrayBlockingQueue<>(WAITING_MAX);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile TakenSignals stored;
    private volatile @Nullable Consumer<byte[], byte[]> reading;

    /** The reading thread's own: where it goes on after a failure. */
    private TakenSignals read;

    private @Nullable String trouble;

    /**
     * Begins to read.
     *
     * @param key of the records that are ours
     * @param interval between two attempts, and two looks for a topic that is not there yet
     * @param name of the connector
     */
    SignalTopic(
            String topic,
            String key,
            Duration interval,
            Supplier<Consumer<byte[], byte[]>> consumers,
            TakenSignals from,
            String name) {
        this.partition = new TopicPartition(topic, 0);
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.interval = interval;
        this.consumers = consumers;
        this.read = from;
        this.stored = from;
        this.thread = ConnectorThread.daemon("cdc-signals-" + name, this::run);
        thread.start();
    }

    @Override
    public @Nullable Arrived next(TakenSignals nowStored) {
        stored = nowStored;
        ConsumerRecord<byte[], byte[]> record = arrived.poll();
        return record == null
                ? null
                : new Arrived(
                        record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8),
                        partition + "@" + record.offset(),
                        signals -> signals.upTo(partition.topic(), record.offset() + 1));
    }

    private void run() {
        try {
            do {
                try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                    reading = consumer;
                    if (awaitTopic(consumer)) {
                        read(consumer);
                    }
                } catch (RuntimeException e) { // Kafka's, or of a login module
                    complain(e);
                } finally {
                    reading = null;
                }
            } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException ignored) { // the JVM goes down
            Thread.currentThread().interrupt();
        }
    }

    private void complain(RuntimeException e) {
        if (closed.getCount() > 0 && !Objects.equals(trouble, e.toString())) {
            trouble = e.toString();
            LOGGER.atWarn()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("error", e.getCause() == null ? trouble : trouble + ": " + e.getCause())
                    .log("signals of a topic cannot be read; trying again and again");
        }
    }

    /** False when it was closed before. */
    private boolean awaitTopic(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        boolean told = false;
        while (consumer.partitionsFor(partition.topic()).isEmpty()) {
            if (!told) {
                told = true;
                LOGGER.atInfo()
                        .addKeyValue("topic", partition.topic())
                        .log("the topic for signals is not there; it is looked for now and then");
            }
            if (closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private void read(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        consumer.assign(List.of(partition));
        if (partition.topic().equals(read.topic())) {
            consumer.seek(partition, read.offset());
        }
        long committed = 0;
        while (closed.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                boolean isOurs = Arrays.equals(key, record.key());
                while (isOurs && !arrived.offer(record, POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (closed.getCount() == 0) {
                        return;
                    }
                }
                read = read.upTo(partition.topic(), record.offset() + 1);
            }
            trouble = null;
            TakenSignals now = stored;
            if (partition.topic().equals(now.topic()) && now.offset() > committed) {
                committed = now.offset();
                consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(committed)), this::committed);
            }
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
        if (failure != null) {
            LOGGER.atWarn()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("error", failure.getMessage())
                    .log("cannot commit which signals have been taken; the connector's own offsets have it");
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Consumer<byte[], byte[]> waiting = reading;
        if (waiting != null) {
            waiting.wakeup();
        }
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
