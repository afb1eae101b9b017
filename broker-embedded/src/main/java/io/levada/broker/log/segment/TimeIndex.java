/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * From which offset on a segment holds records younger than a time, sparsely. The file is a sequence of
 * <pre>
 *   0  int64  the largest timestamp in the segment so far, in milliseconds
 *   8  int32  last offset of the batch that carries it, minus the segment's base offset
 * </pre>
 * Timestamps grow strictly. A sealed index ends with the segment's largest timestamp.
 */
final class TimeIndex {
    private static final int ENTRY_BYTES = 12;

    private final long baseOffset;
    private final int maxEntries;
    private final IndexEntries entries;
    private long lastTimestampMs;

    private TimeIndex(long baseOffset, int maxBytes, IndexEntries entries) {
        this.baseOffset = baseOffset;
        this.maxEntries = maxBytes / ENTRY_BYTES;
        this.entries = entries;
        int count = entries.count();
        this.lastTimestampMs = count == 0 ? RecordBatch.NO_TIMESTAMP : entries.longAt(count - 1, 0);
    }

    static TimeIndex empty(Path file, long baseOffset, int maxBytes) {
        return new TimeIndex(baseOffset, maxBytes, IndexEntries.inMemory(file, ENTRY_BYTES, Long.BYTES));
    }

    /**
     * Opens a sealed index.
     *
     * @throws CorruptIndexException when it cannot be the index of a segment that ends before {@code nextOffset}
     */
    static TimeIndex open(Path file, long baseOffset, int maxBytes) throws IOException {
        IndexEntries entries = IndexEntries.onDisk(file, ENTRY_BYTES, Long.BYTES);
        int last = entries.count() - 1;
        if (last >= 0 && (entries.longAt(last, 0) < entries.longAt(0, 0) || entries.intAt(last, Long.BYTES) < 0)) {
            throw new CorruptIndexException(file, "its last entry is before its first");
        }
        return new TimeIndex(baseOffset, maxBytes, entries);
    }

    /** Adds the largest timestamp so far, unless the index has it already or is full. */
    void append(LargestTimestamp largest) {
        if (largest.timestampMs() > lastTimestampMs && entries.count() < maxEntries) {
            entries.append(largest.timestampMs(), (int) (largest.offset() - baseOffset));
            lastTimestampMs = largest.timestampMs();
        }
    }

    /** Whether only the last slot is left, which sealing needs. */
    boolean isFull() {
        return entries.count() >= maxEntries - 1;
    }

    /** An offset before which no record is younger than {@code timestampMs}. */
    long offsetBefore(long timestampMs) {
        int slot = entries.lastAtMost(timestampMs - 1);
        return slot < 0 ? baseOffset : baseOffset + entries.intAt(slot, Long.BYTES);
    }

    LargestTimestamp last() {
        int slot = entries.count() - 1;
        return slot < 0
                ? LargestTimestamp.NONE
                : new LargestTimestamp(entries.longAt(slot, 0), baseOffset + entries.intAt(slot, Long.BYTES));
    }

    IndexEntries entries() {
        return entries;
    }
}
