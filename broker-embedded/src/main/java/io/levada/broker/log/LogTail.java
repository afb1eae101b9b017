/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.producers.ProducerSnapshot;
import io.levada.broker.log.producers.ProducerStates;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.Segments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a partition, where batches are written and segments begin. Changed under the partition's lock; its end is read by anyone. */
final class LogTail {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogTail.class);

    private final Path folder;
    private final TopicPartition partition;
    private final Segments segments;
    private final ProducerStates producers;
    private final Durability durability;
    private final OpenFiles open;
    private final Queue<Segment> unsealed = new ConcurrentLinkedQueue<>();
    private volatile LogPosition end;
    private final AtomicBoolean newNames = new AtomicBoolean();
    /** At this offset there is a snapshot of the producers as they are, or -1. */
    private long snapshotAt;

    private double jitter = ThreadLocalRandom.current().nextDouble();

    LogTail(
            Path folder,
            TopicPartition partition,
            Segments segments,
            ProducerStates producers,
            Durability durability,
            OpenFiles open,
            LogPosition end,
            boolean snapshotAtEnd) {
        this.folder = folder;
        this.partition = partition;
        this.segments = segments;
        this.producers = producers;
        this.durability = durability;
        this.open = open;
        this.end = end;
        this.snapshotAt = snapshotAtEnd ? end.offset() : -1;
    }

    LogPosition end() {
        return end;
    }

    void append(MemoryRecords batches, long lastOffset, LogConfig.Segment config, long nowMs) {
        long jitterMs = (long) (jitter * Math.min(config.jitterMs(), config.ms()));
        if (segments.active().mustRollBefore(batches, lastOffset, timestampOf(batches), nowMs, config, jitterMs)) {
            roll(config, nowMs);
        }
        Segment active = segments.active();
        int start = active.sizeInBytes();
        write(active, batches);
        remember(active, batches, start, nowMs);
        end = new LogPosition(lastOffset + 1, active.baseOffset(), active.sizeInBytes());
    }

    /** Before the end moves, as the high watermark may follow it at once: a reader then has to know of a transaction that begins or ends here. */
    private void remember(Segment active, MemoryRecords batches, int start, long nowMs) {
        int position = start;
        for (RecordBatch batch : batches.batches()) {
            producers
                    .written(batch, new LogPosition(batch.baseOffset(), active.baseOffset(), position), nowMs)
                    .ifPresent(active.transactions()::append);
            position += batch.sizeInBytes();
        }
    }

    private static long timestampOf(MemoryRecords batches) {
        long largest = RecordBatch.NO_TIMESTAMP;
        for (RecordBatch batch : batches.batches()) {
            largest = Math.max(largest, batch.maxTimestamp());
        }
        return largest;
    }

    private void write(Segment active, MemoryRecords batches) {
        int size = active.sizeInBytes();
        try {
            active.append(batches);
        } catch (IOException e) {
            KafkaStorageException failure = new KafkaStorageException(
                    "cannot append " + batches.sizeInBytes() + " bytes to " + active + ": " + e.getMessage()
                            + ". Nothing of them was kept; free or repair the disk",
                    e);
            undo(active, size, failure);
            throw failure;
        }
    }

    /** A write may have left a part of a batch; if that cannot be taken off, no later batch may follow it. */
    private void undo(Segment active, int size, KafkaStorageException failure) {
        try {
            active.file().truncate(size);
        } catch (IOException e) {
            failure.addSuppressed(e);
            durability.fail(failure);
        }
    }

    /** Begins a new segment at the end offset; the old one is sealed by the next flush. */
    void roll(LogConfig.Segment config, long nowMs) {
        Segment full = segments.active();
        Segment fresh;
        try {
            fresh = Segment.create(folder, end.offset(), config, nowMs, open);
        } catch (IOException e) {
            throw new KafkaStorageException(
                    "cannot begin the segment of " + partition + " at offset " + end.offset() + " in " + folder, e);
        }
        snapshot();
        unsealed.add(full);
        newNames.set(true);
        segments.add(fresh);
        end = new LogPosition(end.offset(), fresh.baseOffset(), 0);
        jitter = ThreadLocalRandom.current().nextDouble();
    }

    /** Without a snapshot recovery reads more of the log, no more than that: its failure must not fail an append. */
    private void snapshot() {
        if (snapshotAt == end.offset()) {
            return;
        }
        try {
            ProducerSnapshot.write(LogFileNames.file(folder, end.offset(), LogFileNames.SNAPSHOT), producers.entries());
            snapshotAt = end.offset();
        } catch (IOException e) {
            // Without its trace: a full disk at shutdown says this once per partition.
            LOGGER.atWarn()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("offset", end.offset())
                    .addKeyValue("error", e)
                    .log("producer snapshot not written");
        }
    }

    /** The next segment to seal, or null. Called by the flush. */
    @Nullable
    Segment nextUnsealed() {
        return unsealed.poll();
    }

    /** The first offset after a segment that is full. */
    long endOf(Segment full) {
        Segment next = segments.after(full);
        return next == null ? full.baseOffset() : next.baseOffset();
    }

    /** Whether files were made since the last call. */
    boolean takeNewNames() {
        return newNames.getAndSet(false);
    }

    /** The segment is deleted and need not be sealed. */
    void forget(Segment segment) {
        unsealed.remove(segment);
    }

    Segment segmentOf(LogPosition position) {
        Segment segment = segments.holding(position.segmentBaseOffset());
        return segment == null ? segments.active() : segment;
    }

    /** Leaves the files as a clean start expects them, unless the disk has failed. */
    void close() {
        try {
            if (!durability.hasFailed()) {
                snapshot();
                segments.active().writeIndexes();
            }
        } catch (IOException e) {
            throw new KafkaStorageException("cannot write the indexes of " + partition + " in " + folder, e);
        } finally {
            closeFiles();
        }
    }

    private void closeFiles() {
        for (Segment segment : segments.all()) {
            try {
                segment.close();
            } catch (IOException e) {
                LOGGER.atWarn().setCause(e).addKeyValue("segment", segment).log("log file not closed");
            }
        }
    }
}
