/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connector's offsets in a topic of its own, {@code offsets.storage.topic} (KIP-618). What is not there is looked for in
 * the worker's topic, where a connector has them that was given its own topic later; and the worker's topic gets a copy, so
 * that the connector can go back to it.
 *
 * <p>A partition that is to be forgotten is forgotten in the worker's topic first, or it would rise again from there. All
 * else is written there after the own topic holds it, and a failure there is told and does not count.
 *
 * <p>So a write has a second step, which begins when the brokers have answered the first. It is not taken once {@link #endWrites} was called: a
 * task that was given up would write over what its successor has written by then.
 */
final class OwnOffsets implements ConnectorOffsets {
    private static final Logger LOGGER = LoggerFactory.getLogger(OwnOffsets.class);
    private static final Duration FORGET_TIMEOUT = Duration.ofSeconds(60);

    private final ConnectorName connector;
    private final ConnectorOffsets own;
    private final ConnectorOffsets workers;
    private final AutoCloseable clients;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Held for the moment in which a step is handed over, never while waiting. */
    private final Object fence = new Object();

    private boolean ended;

    /** @param clients read and write the own topic; closed with this */
    OwnOffsets(ConnectorName connector, ConnectorOffsets own, ConnectorOffsets workers, AutoCloseable clients) {
        this.connector = connector;
        this.own = own;
        this.workers = workers;
        this.clients = clients;
    }

    @Override
    public @Nullable Map<String, @Nullable Object> offset(@Nullable Map<String, ?> partition) {
        Map<String, @Nullable Object> found = own.offset(partition);
        return found == null ? workers.offset(partition) : found;
    }

    @Override
    public Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> offsets() {
        Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> all = new LinkedHashMap<>(workers.offsets());
        all.putAll(own.offsets());
        return all;
    }

    @Override
    public CompletionStage<Void> write(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> all = new LinkedHashMap<>(offsets);
        Split split = Split.of(all);
        CompletionStage<Void> written = split.forgotten.isEmpty()
                ? unlessEnded(() -> own.write(all))
                : unlessEnded(() -> workers.write(split.forgotten))
                        .thenCompose(gone -> unlessEnded(() -> own.write(all)));
        var unused = written.thenRun(() -> copy(split.kept));
        return written;
    }

    private CompletionStage<Void> unlessEnded(Supplier<CompletionStage<Void>> step) {
        synchronized (fence) {
            return ended
                    ? CompletableFuture.failedFuture(new ConnectException(
                            "Offsets of connector " + connector + " are not written for a task that was given up"))
                    : step.get();
        }
    }

    @Override
    public void endWrites() {
        synchronized (fence) {
            ended = true;
        }
    }

    /** Offsets, apart: those of partitions that are to be forgotten have none. */
    private record Split(
            Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> forgotten,
            Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> kept) {
        private static Split of(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
            Split split = new Split(new LinkedHashMap<>(), new LinkedHashMap<>());
            offsets.forEach(
                    (partition, offset) -> (offset == null ? split.forgotten : split.kept).put(partition, offset));
            return split;
        }
    }

    @Override
    public String topic() {
        return own.topic();
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> forgotten = Split.of(offsets).forgotten;
        if (!forgotten.isEmpty()) {
            forget(forgotten);
        }
        return own.records(offsets);
    }

    private void forget(Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> forgotten) {
        try {
            unlessEnded(() -> workers.write(forgotten))
                    .toCompletableFuture()
                    .get(FORGET_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException(
                    "Interrupted while taking offsets of connector " + connector + " out of the worker's topic", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectException(
                    "Cannot take offsets of connector " + connector + " out of the worker's topic: " + e, e);
        }
    }

    @Override
    public void committed(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        copy(Split.of(offsets).kept);
    }

    private void copy(Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> offsets) {
        var unused = unlessEnded(() -> workers.write(offsets)).exceptionally(failure -> {
            LOGGER.atWarn()
                    .addKeyValue("connector", connector)
                    .addKeyValue("partitions", offsets.size())
                    .addKeyValue("error", failure.toString())
                    .log("offsets are in the connector's own topic and could not be copied to the worker's");
            return null;
        });
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        return CompletableFuture.allOf(
                own.readToEnd().toCompletableFuture(), workers.readToEnd().toCompletableFuture());
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            try {
                clients.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOGGER.atWarn()
                        .addKeyValue("connector", connector)
                        .setCause(e)
                        .log("the clients of the connector's own offset topic did not close");
            }
        }
    }
}
