/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.LastBatch;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.log.producers.ProducerEntry;
import io.levada.broker.log.producers.ProducerStates;
import io.levada.broker.log.producers.SentBatch;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.log.records.BatchValidator;
import io.levada.broker.log.records.Recompression;
import io.levada.broker.log.recovery.EpochEnd;
import io.levada.broker.log.recovery.LeaderEpochs;
import io.levada.broker.log.recovery.LogRecovery.Recovered;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.Segments;
import io.levada.broker.log.segment.TimestampedOffset;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

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
    private final Checkpoints checkpoints;
    private final LogCompaction compaction;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile LogConfig config;
    private volatile long logStartOffset;
    private boolean closed;

    /** What a partition shares with the others of its directory. */
    public record Shared(
            LogOptions options, Flusher flusher, OpenFiles open, InstantSource clock, Checkpoints checkpoints) {}

    public PartitionLog(
            Path folder, TopicPartition partition, Uuid topicId, LogConfig config, Shared shared, Recovered recovered) {
        this.partition = partition;
        this.topicId = topicId;
        this.config = config;
        this.clock = shared.clock;
        this.options = shared.options;
        this.checkpoints = shared.checkpoints;
        this.validator = new BatchValidator(partition);
        this.segments = recovered.segments();
        this.producers = recovered.producers();
        this.epochs = recovered.epochs();
        this.logStartOffset = recovered.logStartOffset();
        this.durability = new Durability(partition, producers.transactions(), recovered.end());
        this.tail = new LogTail(
                folder,
                partition,
                segments,
                producers,
                durability,
                shared.open,
                recovered.end(),
                recovered.snapshotAtEnd());
        this.flush = new LogFlush(
                folder,
                partition,
                tail,
                durability,
                shared.open,
                shared.flusher,
                shared.options.flush(),
                checkpoints::sealed);
        this.reader = new LogReader(partition, segments, durability, producers.transactions());
        this.pruner = new LogPruner(partition, segments);
        this.compaction = new LogCompaction(
                folder,
                partition,
                segments,
                durability,
                flush,
                pruner,
                shared.open,
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

    /** {@link #append(MemoryRecords, AppendOrigin, Admission)} for batches that begin no transaction, or whose caller orders them with its markers. */
    public Appended append(MemoryRecords batches, AppendOrigin origin) {
        return append(batches, origin, null);
    }

    /**
     * Validates the batches, assigns their offsets in place and writes them as they are.
     *
     * <p>On return the bytes are with the operating system; {@link #durable} tells when they are on disk. When an exception is thrown
     * nothing was written, though offsets in the buffer may have changed. May block for another append and for the write.
     *
     * @param admission what {@link #admit} gave before the transaction coordinator was asked; a client's batch that begins a transaction is refused
     *     without
     * @throws KafkaStorageException when the disk refuses; retriable, unless the log has failed for good
     * @throws org.apache.kafka.common.errors.ApiException of the kind whose error code the producer is to see
     */
    public Appended append(MemoryRecords batches, AppendOrigin origin, @Nullable Admission admission) {
        return appending(() -> appendLocked(batches, origin, admission));
    }

    private Appended appending(Supplier<Appended> append) {
        Appended appended = Uninterrupted.call(() -> locked(append));
        flush.appended();
        return appended;
    }

    private <T> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    private Appended appendLocked(MemoryRecords batches, AppendOrigin origin, @Nullable Admission admission) {
        requireUsable();
        LogConfig current = config;
        long nowMs = clock.millis();
        validator.validate(batches, origin, current, nowMs);
        Optional<SentBatch> duplicate = origin == AppendOrigin.CLIENT
                ? producers.duplicateOf(batches.batches().iterator().next())
                : Optional.empty();
        if (duplicate.isPresent()) {
            SentBatch first = duplicate.get();
            return new Appended(first.baseOffset(), first.lastOffset(), RecordBatch.NO_TIMESTAMP, logStartOffset, true);
        }
        for (RecordBatch batch : batches.batches()) {
            producers.check(batch, origin, admission);
        }
        boolean stamps = current.message().timestampType() == TimestampType.LOG_APPEND_TIME;
        MemoryRecords stored = origin == AppendOrigin.CLIENT ? Recompression.of(batches, current, partition) : batches;
        long base = tail.end().offset();
        long last = assignOffsets(stored, base, stamps, nowMs);
        tail.append(stored, last, current.segment(), nowMs);
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

    /**
     * Ends a producer's transaction in this partition with a marker, also where it has none open: the marker raises the epoch that the producer must
     * write with. A marker that is written again, as after a restart of the coordinator, does no harm. Otherwise like
     * {@link #append(MemoryRecords, AppendOrigin)}.
     *
     * @param coordinatorEpoch of the coordinator that decides; one that was followed by another is refused
     * @throws org.apache.kafka.common.errors.InvalidProducerEpochException when the producer has written with a newer epoch
     * @throws org.apache.kafka.common.errors.TransactionCoordinatorFencedException when a newer coordinator has written a marker
     */
    public Appended endTransaction(
            long producerId, short producerEpoch, int coordinatorEpoch, TransactionResult result) {
        return endTransaction(producerId, producerEpoch, coordinatorEpoch, result, TransactionVersion.BEFORE_2);
    }

    /** {@link #endTransaction(long, short, int, TransactionResult)} where it is known how the producer's epochs come about. */
    public Appended endTransaction(
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            TransactionResult result,
            TransactionVersion version) {
        return appending(() -> {
            producers.requireEndable(
                    producerId, producerEpoch, coordinatorEpoch, version == TransactionVersion.BUMPS_EPOCHS);
            var type = result == TransactionResult.COMMIT ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
            MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                    clock.millis(), producerId, producerEpoch, new EndTransactionMarker(type, coordinatorEpoch));
            return appendLocked(marker, AppendOrigin.BROKER, null);
        });
    }

    /** Whether the producer has a transaction open here in this epoch: then its next batch belongs to it and nobody need be asked. */
    public boolean hasOpenTransaction(long producerId, short producerEpoch) {
        return locked(() -> producers.hasOpenTransaction(producerId, producerEpoch));
    }

    /** {@link #admit(long, short, int, TransactionVersion)} for batches without sequence numbers, which committed offsets are. */
    public Admission admit(long producerId, short producerEpoch) {
        return admit(producerId, producerEpoch, Integer.MAX_VALUE, TransactionVersion.BEFORE_2);
    }

    /**
     * Asks for leave to begin a transaction here. To be called first; then the transaction coordinator is asked whether this partition is in the
     * producer's transaction, and if so, the batch is appended with what this returned.
     *
     * @param baseSequence the first sequence of the batch that waits; no batch with a later one is taken before it
     */
    public Admission admit(long producerId, short producerEpoch, int baseSequence, TransactionVersion version) {
        boolean bumps = version == TransactionVersion.BUMPS_EPOCHS;
        return locked(() -> producers.admit(producerId, producerEpoch, baseSequence, bumps, clock.millis()));
    }

    /** The producers that are remembered here, in no order. */
    public List<ProducerDescription> producers() {
        return locked(
                () -> producers.entries().stream().map(ProducerEntry::describe).toList());
    }

    /**
     * Completes once every offset below {@code nextOffset} is as safe as the {@link FlushPolicy} promises; fails with
     * {@link KafkaStorageException} when it never will be. Completed on a flush thread: dependants must not block.
     */
    public CompletableFuture<Void> durable(long nextOffset) {
        return durability.reached(nextOffset);
    }

    /** {@link #read(long, int, boolean, IsolationLevel)} of everything below the high watermark. */
    public Fetched read(long offset, int maxBytes, boolean atLeastOneBatch) {
        return read(offset, maxBytes, atLeastOneBatch, IsolationLevel.READ_UNCOMMITTED);
    }

    /**
     * Finds the batches from the one that holds {@code offset}, up to the high watermark or, for committed ones, the last stable offset, and the end
     * of its segment. Does not read
     * them; it may block for the search in the file.
     *
     * @param maxBytes the size of the slice; the last batch may be cut
     * @param atLeastOneBatch whether the first batch comes whole even when it is larger than {@code maxBytes}; when it does not,
     *     and is larger, nothing comes
     * @throws OffsetOutOfRangeException when {@code offset} is before the log start or past the log end
     */
    public Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, IsolationLevel isolation) {
        long startOffset = logStartOffset;
        if (offset < startOffset || offset > logEndOffset()) {
            throw new OffsetOutOfRangeException("offset " + offset + " of " + partition + " is not within ["
                    + startOffset + ", " + logEndOffset() + "]");
        }
        return Uninterrupted.call(() -> reader.read(offset, maxBytes, atLeastOneBatch, isolation, startOffset));
    }

    /** The first offset that can be read. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** The first offset that cannot be read yet. */
    public long highWatermark() {
        return durability.highWatermark().offset();
    }

    /** The first offset of the oldest transaction that has not ended below the high watermark, or the high watermark. */
    public long lastStableOffset() {
        return endOffset(IsolationLevel.READ_COMMITTED);
    }

    /** Where readers of this isolation stop: the last stable offset or the high watermark. */
    public long endOffset(IsolationLevel isolation) {
        long start = logStartOffset;
        return Math.max(start, reader.end(isolation));
    }

    /** The offset that the next record gets. */
    public long logEndOffset() {
        return tail.end().offset();
    }

    /** The first record whose timestamp is at least {@code timestampMs}; empty when readers of this isolation cannot read it yet. */
    public Optional<TimestampedOffset> firstOffsetAtOrAfter(long timestampMs, IsolationLevel isolation) {
        return Uninterrupted.call(() -> reader.firstOffsetAtOrAfter(
                timestampMs, isolation, logStartOffset, config.message().maxDecompressedBytes()));
    }

    /** The record with the largest timestamp (KIP-734); empty when readers of this isolation cannot read it yet. */
    public Optional<TimestampedOffset> maxTimestamp(IsolationLevel isolation) {
        return Uninterrupted.call(() ->
                reader.maxTimestamp(isolation, logStartOffset, config.message().maxDecompressedBytes()));
    }

    /** Calls {@code listener} with the new high watermark whenever it moves, on the thread that moves it: it must not block. */
    public Registration onHighWatermark(LongConsumer listener) {
        return durability.onAdvance(listener);
    }

    /** Like {@link #onHighWatermark}, with {@link #endOffset} of this isolation: readers of committed records hear of the last stable offset alone. */
    public Registration onEndOffset(IsolationLevel isolation, LongConsumer listener) {
        if (isolation == IsolationLevel.READ_UNCOMMITTED) {
            return onHighWatermark(listener);
        }
        AtomicLong heard = new AtomicLong(lastStableOffset());
        return onHighWatermark(ignored -> {
            long now = lastStableOffset();
            if (heard.getAndAccumulate(now, Math::max) < now) {
                listener.accept(now);
            }
        });
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
        moveLogStartOffset(offset);
        checkpoints.writeLogStarts();
    }

    /** {@link #advanceLogStartOffset}, but not on disk before {@link LogDirectory#forceLogStartOffsets}, which is one write for many partitions. */
    public void moveLogStartOffset(long offset) {
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
    public long recoveryPoint() {
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
    public void prune() {
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
        if (pruner.activeGoes(current.retention(), nowMs)) {
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
    public void discard() {
        durability.fail(new KafkaStorageException("the log of " + partition + " was deleted"));
        close();
    }

    @Override
    public String toString() {
        return "PartitionLog(" + partition + ", offsets " + logStartOffset + ".." + logEndOffset() + ")";
    }
}
