/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.producers.OpenTransactions;
import io.levada.broker.log.segment.LogPosition;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a partition is safe: its high watermark, who waits for it, and whether the disk has failed it for good.
 *
 * <p>After one failed fsync the kernel may have dropped the pages and report success next time, so a failure is final: nothing more is
 * acknowledged until a restart has verified the log.
 */
final class Durability {
    private static final Logger LOGGER = LoggerFactory.getLogger(Durability.class);

    private final TopicPartition partition;
    private final OpenTransactions transactions;
    private final NavigableMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private volatile LogPosition highWatermark;
    private volatile @Nullable KafkaStorageException failure;

    Durability(TopicPartition partition, OpenTransactions transactions, LogPosition recovered) {
        this.partition = partition;
        this.transactions = transactions;
        transactions.advance(recovered.offset());
        this.highWatermark = recovered;
    }

    LogPosition highWatermark() {
        return highWatermark;
    }

    /** Completes when everything below {@code nextOffset} is safe. */
    CompletableFuture<Void> reached(long nextOffset) {
        if (highWatermark.offset() >= nextOffset) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = waiting.computeIfAbsent(nextOffset, offset -> new CompletableFuture<>());
        // The high watermark or the failure may have come between the look above and the entry.
        KafkaStorageException failed = failure;
        if (failed != null) {
            future.completeExceptionally(failed);
        }
        completeUpTo(highWatermark.offset());
        return future;
    }

    /** Everything below is safe; moves the high watermark unless it is there already. */
    void advance(LogPosition safe) {
        synchronized (this) {
            if (failure != null || safe.offset() <= highWatermark.offset()) {
                return;
            }
            // Before the high watermark, so that who sees this one sees the last stable offset that goes with it.
            transactions.advance(safe.offset());
            highWatermark = safe;
        }
        completeUpTo(safe.offset());
        listeners.forEach(listener -> tell(listener, safe.offset()));
    }

    private void completeUpTo(long offset) {
        var reached = waiting.headMap(offset, true);
        while (!reached.isEmpty()) {
            var entry = reached.pollFirstEntry();
            if (entry != null) {
                entry.getValue().complete(null);
            }
        }
    }

    private void tell(LongConsumer listener, long offset) {
        try {
            listener.accept(offset);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .log("a listener for the high watermark failed");
        }
    }

    Registration onAdvance(LongConsumer listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** No append is acknowledged any more. The first cause stays. */
    void fail(KafkaStorageException cause) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = cause;
        }
        waiting.values().forEach(future -> future.completeExceptionally(cause));
        waiting.clear();
    }

    boolean hasFailed() {
        return failure != null;
    }

    void requireHealthy() {
        KafkaStorageException failed = failure;
        if (failed != null) {
            throw new KafkaStorageException(
                    "the log of " + partition + " failed and takes no more records until a restart has verified it",
                    failed);
        }
    }
}
