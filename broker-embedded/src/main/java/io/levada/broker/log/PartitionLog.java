/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/** One partition: an append-only sequence of record batches. Safe to use from any thread. */
public final class PartitionLog implements AutoCloseable {
    private final TopicPartition partition;
    private final Uuid topicId;
    private final InstantSource clock;
    private final FileRecords records;
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private volatile LogConfig config;
    private volatile long logEndOffset;
    private volatile long logStartOffset;

    PartitionLog(Path folder, TopicPartition partition, Uuid topicId, LogConfig config, InstantSource clock) {
        this.partition = partition;
        this.topicId = topicId;
        this.config = config;
        this.clock = clock;
        try {
            records = FileRecords.open(folder.resolve("%020d.log".formatted(0)).toFile());
        } catch (IOException e) {
            throw new KafkaStorageException("cannot open the log of " + partition + " in " + folder, e);
        }
        for (RecordBatch batch : records.batches()) {
            logEndOffset = batch.nextOffset();
        }
    }

    public TopicPartition partition() {
        return partition;
    }

    public Uuid topicId() {
        return topicId;
    }

    /** The epoch that batches are written in. */
    public int leaderEpoch() {
        return 0;
    }

    /** {@link #append(MemoryRecords, AppendOrigin)} for a producer on the network. */
    public Appended append(MemoryRecords batches) {
        return append(batches, AppendOrigin.CLIENT);
    }

    /**
     * Validates the batches, assigns their offsets in place and writes them as they are.
     *
     * <p>On return the bytes are with the operating system; {@link #durable} tells when they are on disk. Nothing is written
     * when an exception is thrown.
     *
     * @throws org.apache.kafka.common.errors.ApiException of the kind whose error code the producer is to see
     */
    public synchronized Appended append(MemoryRecords batches, AppendOrigin origin) {
        if (batches.sizeInBytes() == 0) {
            throw new InvalidRecordException("no batch to append to " + partition);
        }
        long base = logEndOffset;
        long next = base;
        for (MutableRecordBatch batch : batches.batches()) {
            batch.ensureValid();
            if (batch.sizeInBytes() > config.message().maxBytes()) {
                throw new RecordTooLargeException("batch of " + batch.sizeInBytes() + " bytes for " + partition);
            }
            next += batch.lastOffset() - batch.baseOffset() + 1;
            batch.setLastOffset(next - 1);
            batch.setPartitionLeaderEpoch(leaderEpoch());
        }
        try {
            records.append(batches);
        } catch (IOException e) {
            throw new KafkaStorageException("cannot append to " + partition, e);
        }
        logEndOffset = next;
        long highWatermark = next;
        listeners.forEach(listener -> listener.accept(highWatermark));
        return new Appended(base, next - 1, RecordBatch.NO_TIMESTAMP, logStartOffset, false);
    }

    /**
     * Completes once every offset below {@code nextOffset} is as safe as the {@link FlushPolicy} promises; fails with
     * {@link KafkaStorageException} when it never will be. Completed on a flush thread: dependants must not block.
     */
    public CompletableFuture<Void> durable(long nextOffset) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Finds the batches from the one that holds {@code offset}, up to the high watermark and the end of its segment.
     *
     * @param maxBytes the size of the slice; the last batch may be cut
     * @param atLeastOneBatch whether the first batch comes whole even when it is larger than {@code maxBytes}
     * @throws OffsetOutOfRangeException when {@code offset} is before the log start or past the log end
     */
    public Fetched read(long offset, int maxBytes, boolean atLeastOneBatch) {
        if (offset < logStartOffset || offset > logEndOffset) {
            throw new OffsetOutOfRangeException("offset " + offset + " of " + partition + " is not within ["
                    + logStartOffset + ", " + logEndOffset + "]");
        }
        FileRecords.LogOffsetPosition start = records.searchForOffsetFromPosition(offset, 0);
        if (start == null || (start.size > maxBytes && !atLeastOneBatch)) {
            return Fetched.nothing(logEndOffset, logEndOffset, logStartOffset);
        }
        return new Fetched(
                records.slice(start.position, Math.max(maxBytes, start.size)),
                start.position,
                logEndOffset,
                logEndOffset,
                logStartOffset);
    }

    /** The first offset that can be read. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** The first offset that cannot be read yet. */
    public long highWatermark() {
        return logEndOffset;
    }

    /** The first offset of the oldest open transaction, or the high watermark. */
    public long lastStableOffset() {
        return logEndOffset;
    }

    /** The offset that the next record gets. */
    public long logEndOffset() {
        return logEndOffset;
    }

    /** The first readable record whose timestamp is at least {@code timestampMs}. */
    public Optional<TimestampedOffset> firstOffsetAtOrAfter(long timestampMs) {
        return Optional.ofNullable(records.searchForTimestamp(timestampMs, 0, logStartOffset, records.sizeInBytes()))
                .map(found -> new TimestampedOffset(found.offset, found.timestamp, found.leaderEpoch.orElse(-1)));
    }

    /** The readable record with the largest timestamp (KIP-734). */
    public Optional<TimestampedOffset> maxTimestamp() {
        long largest = RecordBatch.NO_TIMESTAMP;
        for (RecordBatch batch : records.batches()) {
            largest = Math.max(largest, batch.maxTimestamp());
        }
        return largest < 0 ? Optional.empty() : firstOffsetAtOrAfter(largest);
    }

    /**
     * Calls {@code listener} with the new high watermark whenever it moves, on the thread that moves it: it must not block.
     */
    public Registration onHighWatermark(LongConsumer listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public LogConfig config() {
        return config;
    }

    public void updateConfig(LogConfig newConfig) {
        config = newConfig;
    }

    /**
     * Makes every offset below {@code offset} unreadable (DeleteRecords); lower than the present start has no effect.
     *
     * @throws OffsetOutOfRangeException when {@code offset} is past the high watermark
     */
    public synchronized void advanceLogStartOffset(long offset) {
        if (offset > logEndOffset) {
            throw new OffsetOutOfRangeException("cannot delete the records of " + partition + " up to " + offset
                    + ", the high watermark is " + logEndOffset);
        }
        logStartOffset = Math.max(logStartOffset, offset);
    }

    /** Size of all segments, in bytes. */
    public long sizeInBytes() {
        return records.sizeInBytes();
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw new KafkaStorageException("cannot close the log of " + partition, e);
        }
    }

    @Override
    public String toString() {
        return "PartitionLog(" + partition + ", " + logStartOffset + ".." + logEndOffset + ", " + clock + ")";
    }
}
