/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.LogRecovery.Recovered;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * One partition: an append-only sequence of record batches in segments. Safe to use from any thread.
 *
 * <p>Appends are serialised by a lock rather than a thread of their own: whoever decoded the request can write it at once, and the lock
 * is held for the checks and one write. Reads take no lock; they stop at the high watermark, which is published after the bytes.
 */
public final class PartitionLog implements AutoCloseable {
    private final TopicPartition partition;
    private final Uuid topicId;
    private final InstantSource clock;
    private final LogOptions options;
    private final BatchValidator validator;
    private final Segments segments;
    private final ProducerStates producers;
    private final LeaderEpochs epochs;
    private final Durability durability;
    private final LogReader reader;
    private final LogFlush flush;
    private final LogTail tail;
    private final LogPruner pruner;
    private final LogCompaction compaction;
    private final Runnable logStartMoved;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile LogConfig config;
    private volatile long logStartOffset;
    private volatile long firstUnstableOffset;
    private boolean closed;

    /** What a partition shares with the others of its directory. */
    record Shared(LogOptions options, Flusher flusher, LogFiles files, InstantSource clock, Runnable logStartMoved) {}

    PartitionLog(
            Path folder, TopicPartition partition, Uuid topicId, LogConfig config, Shared shared, Recovered recovered) {
        this.partition = partition;
        this.topicId = topicId;
        this.config = config;
        this.clock = shared.clock;
        this.options = shared.options;
        this.logStartMoved = shared.logStartMoved;
        this.validator = new BatchValidator(partition);
        this.segments = recovered.segments();
        this.producers = recovered.producers();
        this.epochs = recovered.epochs();
        this.logStartOffset = recovered.logStartOffset();
        this.firstUnstableOffset = producers.firstUnstableOffset();
        this.durability = new Durability(partition, recovered.end());
        this.tail = new LogTail(folder, partition, segments, producers, durability, shared.files, recovered.end());
        this.flush =
                new LogFlush(folder, partition, tail, durability, shared.files, shared.flusher, shared.options.flush());
        this.reader = new LogReader(partition, segments, durability);
        this.pruner = new LogPruner(partition, segments);
        this.compaction = new LogCompaction(
                folder,
                partition,
                segments,
                durability,
                flush,
                pruner,
                shared.files,
                this::config,
                this::lastStableOffset);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The topic's id, or {@link Uuid#ZERO_UUID} for a folder older than topic ids. */
    public Uuid topicId() {
        return topicId;
    }

    /** The epoch that batches are written in; it grows when recovery had to cut the log. */
    public int leaderEpoch() {
        return epochs.current();
    }

    /** Where an epoch ends, for consumers that check whether what they read is still there (KIP-320). */
    public EpochEnd endOffsetFor(int leaderEpoch) {
        return epochs.end(leaderEpoch, logEndOffset());
    }

    /** {@link #append(MemoryRecords, AppendOrigin)} for a producer on the network. */
    public Appended append(MemoryRecords batches) {
        return append(batches, AppendOrigin.CLIENT);
    }

    /**
     * Validates the batches, assigns their offsets in place and writes them as they are.
     *
     * <p>On return the bytes are with the operating system; {@link #durable} tells when they are on disk. When an exception is thrown
     * nothing was written, though offsets in the buffer may have changed. May block for another append and for the write.
     *
     * @throws KafkaStorageException when the disk refuses; retriable, unless the log has failed for good
     * @throws org.apache.kafka.common.errors.ApiException of the kind whose error code the producer is to see
     */
    public Appended append(MemoryRecords batches, AppendOrigin origin) {
        Appended appended = Uninterrupted.call(() -> {
            lock.lock();
            try {
                return appendLocked(batches, origin);
            } finally {
                lock.unlock();
            }
        });
        flush.appended();
        return appended;
    }

    private Appended appendLocked(MemoryRecords batches, AppendOrigin origin) {
        requireUsable();
        LogConfig current = config;
        long nowMs = clock.millis();
        validator.validate(batches, origin, current, nowMs);
        Optional<SentBatch> duplicate = origin == AppendOrigin.CLIENT
                ? producers.check(batches.batches().iterator().next())
                : Optional.empty();
        if (duplicate.isPresent()) {
            SentBatch first = duplicate.get();
            return new Appended(first.baseOffset(), first.lastOffset(), RecordBatch.NO_TIMESTAMP, logStartOffset, true);
        }
        boolean stamps = current.message().timestampType() == TimestampType.LOG_APPEND_TIME;
        long base = tail.end().offset();
        long last = assignOffsets(batches, base, stamps, nowMs);
        tail.append(batches, last, current.segment(), nowMs);
        remember(batches, nowMs);
        return new Appended(base, last, stamps ? nowMs : RecordBatch.NO_TIMESTAMP, logStartOffset, false);
    }

    private void requireUsable() {
        if (closed) {
            throw new KafkaStorageException("the log of " + partition + " is closed");
        }
        durability.requireHealthy();
    }

    private long assignOffsets(MemoryRecords batches, long base, boolean stamps, long nowMs) {
        long next = base;
        for (MutableRecordBatch batch : batches.batches()) {
            next += batch.lastOffset() - batch.baseOffset() + 1;
            batch.setLastOffset(next - 1);
            batch.setPartitionLeaderEpoch(epochs.current());
            if (stamps) {
                batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, nowMs);
            }
        }
        return next - 1;
    }

    private void remember(MemoryRecords batches, long nowMs) {
        for (RecordBatch batch : batches.batches()) {
            producers.written(batch, nowMs);
            if (batch.isTransactional()) {
                firstUnstableOffset = producers.firstUnstableOffset();
            }
        }
    }

    /**
     * Completes once every offset below {@code nextOffset} is as safe as the {@link FlushPolicy} promises; fails with
     * {@link KafkaStorageException} when it never will be. Completed on a flush thread: dependants must not block.
     */
    public CompletableFuture<Void> durable(long nextOffset) {
        return durability.reached(nextOffset);
    }

    /**
     * Finds the batches from the one that holds {@code offset}, up to the high watermark and the end of its segment. Does not read
     * them; it may block for the search in the file.
     *
     * @param maxBytes the size of the slice; the last batch may be cut
     * @param atLeastOneBatch whether the first batch comes whole even when it is larger than {@code maxBytes}; when it does not,
     *     and is larger, nothing comes
     * @throws OffsetOutOfRangeException when {@code offset} is before the log start or past the log end
     */
    public Fetched read(long offset, int maxBytes, boolean atLeastOneBatch) {
        long startOffset = logStartOffset;
        if (offset < startOffset || offset > logEndOffset()) {
            throw new OffsetOutOfRangeException("offset " + offset + " of " + partition + " is not within ["
                    + startOffset + ", " + logEndOffset() + "]");
        }
        return Uninterrupted.call(
                () -> reader.read(offset, maxBytes, atLeastOneBatch, firstUnstableOffset, startOffset));
    }

    /** The first offset that can be read. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** The first offset that cannot be read yet. */
    public long highWatermark() {
        return durability.highWatermark().offset();
    }

    /** The first offset of the oldest open transaction, or the high watermark. */
    public long lastStableOffset() {
        return Math.min(highWatermark(), firstUnstableOffset);
    }

    /** The offset that the next record gets. */
    public long logEndOffset() {
        return tail.end().offset();
    }

    /** The first readable record whose timestamp is at least {@code timestampMs}. */
    public Optional<TimestampedOffset> firstOffsetAtOrAfter(long timestampMs) {
        return Uninterrupted.call(() -> reader.firstOffsetAtOrAfter(
                timestampMs, logStartOffset, config.message().maxDecompressedBytes()));
    }

    /** The readable record with the largest timestamp (KIP-734). */
    public Optional<TimestampedOffset> maxTimestamp() {
        return Uninterrupted.call(
                () -> reader.maxTimestamp(logStartOffset, config.message().maxDecompressedBytes()));
    }

    /** Calls {@code listener} with the new high watermark whenever it moves, on the thread that moves it: it must not block. */
    public Registration onHighWatermark(LongConsumer listener) {
        return durability.onAdvance(listener);
    }

    public LogConfig config() {
        return config;
    }

    /** Takes effect with the next append or retention pass; the index settings with the next segment. */
    public void updateConfig(LogConfig newConfig) {
        config = newConfig;
    }

    /**
     * Makes every offset below {@code offset} unreadable (DeleteRecords), on disk on return; lower than the present start has no
     * effect.
     *
     * @throws OffsetOutOfRangeException when {@code offset} is past the high watermark
     */
    public void advanceLogStartOffset(long offset) {
        if (offset > highWatermark()) {
            throw new OffsetOutOfRangeException("cannot delete the records of " + partition + " below " + offset
                    + ", the high watermark is " + highWatermark());
        }
        lock.lock();
        try {
            requireUsable();
            logStartOffset = Math.max(logStartOffset, offset);
        } finally {
            lock.unlock();
        }
        logStartMoved.run();
    }

    /** Size of all segments, in bytes. */
    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    /** Whether the disk refused for good; the log then only serves reads, and a restart verifies it. */
    public boolean hasFailed() {
        return durability.hasFailed();
    }

    /** Everything below was forced to disk. */
    long recoveryPoint() {
        return flush.recoveryPoint();
    }

    /** What the cleaner works with. */
    public LogCompaction compaction() {
        return compaction;
    }

    /** The last batch of each producer that is remembered, which compaction leaves in the log. */
    public Map<Long, LastBatch> lastBatches() {
        lock.lock();
        try {
            return producers.lastBatches();
        } finally {
            lock.unlock();
        }
    }

    /** Removes what retention no longer keeps. Called by {@link Retention} alone. */
    void prune() {
        compaction.exclusively(this::pruneExclusively);
    }

    private void pruneExclusively() {
        flush.exclusively(() -> {
            lock.lock();
            try {
                requireUsable();
                long nowMs = clock.millis();
                producers.expire(nowMs, options.producerIdExpiration().toMillis());
                pruneSegments(nowMs);
            } finally {
                lock.unlock();
            }
            pruner.deleteFiles(clock.millis());
        });
    }

    private void pruneSegments(long nowMs) {
        LogConfig current = config;
        if (pruner.activeIsExpired(current.retention(), nowMs)) {
            tail.roll(current.segment(), nowMs);
        }
        for (Segment segment : pruner.expired(current.retention(), logStartOffset, durability.highWatermark(), nowMs)) {
            // Readers must see the new start before the segment goes.
            logStartOffset = Math.max(logStartOffset, pruner.endOf(segment));
            tail.forget(segment);
            pruner.remove(segment, nowMs + current.segment().deleteDelayMs());
        }
    }

    /**
     * Forces everything, writes the indexes and closes the files. After a failure it only closes them.
     *
     * @throws KafkaStorageException when the disk refuses, after everything was closed
     */
    @Override
    public void close() {
        compaction.exclusively(this::closeExclusively);
    }

    private void closeExclusively() {
        compaction.close();
        flush.exclusively(() -> {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    tail.close();
                }
            } finally {
                lock.unlock();
            }
            pruner.deleteFiles(Long.MAX_VALUE);
        });
    }

    /** Closes the files as they are, for a partition that is being deleted; who waits for an append is told. */
    void discard() {
        durability.fail(new KafkaStorageException("the log of " + partition + " was deleted"));
        close();
    }

    @Override
    public String toString() {
        return "PartitionLog(" + partition + ", offsets " + logStartOffset + ".." + logEndOffset() + ")";
    }
}
