/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where in a segment's file an offset is, sparsely. The file is a sequence of
 * <pre>
 *   0  int32  offset of a batch's last record, minus the segment's base offset
 *   4  int32  position of that batch in the .log file
 * </pre>
 */
final class OffsetIndex {
    private static final int ENTRY_BYTES = 8;

    private final long baseOffset;
    private final int maxEntries;
    private final IndexEntries entries;

    private OffsetIndex(long baseOffset, int maxBytes, IndexEntries entries) {
        this.baseOffset = baseOffset;
        this.maxEntries = maxBytes / ENTRY_BYTES;
        this.entries = entries;
    }

    static OffsetIndex empty(Path file, long baseOffset, int maxBytes) {
        return new OffsetIndex(baseOffset, maxBytes, IndexEntries.inMemory(file, ENTRY_BYTES, Integer.BYTES));
    }

    /**
     * Opens a sealed index.
     *
     * @throws CorruptIndexException when it cannot belong to a log file of {@code logBytes}
     */
    static OffsetIndex open(Path file, long baseOffset, int maxBytes, int logBytes) throws IOException {
        IndexEntries entries = IndexEntries.onDisk(file, ENTRY_BYTES, Integer.BYTES);
        int last = entries.count() - 1;
        if (last >= 0 && (entries.intAt(last, 0) < 0 || outside(entries.intAt(last, Integer.BYTES), logBytes))) {
            throw new CorruptIndexException(file, "its last entry points outside the log file");
        }
        return new OffsetIndex(baseOffset, maxBytes, entries);
    }

    private static boolean outside(int position, int logBytes) {
        return position < 0 || position >= logBytes;
    }

    void append(long lastOffset, int position) {
        if (!isFull()) {
            entries.append((int) (lastOffset - baseOffset), position);
        }
    }

    boolean isFull() {
        return entries.count() >= maxEntries;
    }

    /** A position at or before the batch that holds {@code offset}. */
    int positionBefore(long offset) {
        int slot = entries.lastAtMost(offset - baseOffset);
        return slot < 0 ? 0 : entries.intAt(slot, Integer.BYTES);
    }

    /** An offset that every record before {@code position} is below, where the index reaches that far. */
    OptionalLong offsetFrom(int position) {
        int low = 0;
        int count = entries.count();
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.intAt(middle, Integer.BYTES) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == count ? OptionalLong.empty() : OptionalLong.of(baseOffset + entries.intAt(low, 0));
    }

    /** The position of the last indexed batch, or 0. */
    int lastPosition() {
        return entries.count() == 0 ? 0 : entries.intAt(entries.count() - 1, Integer.BYTES);
    }

    /** The last offset of the last indexed batch. */
    OptionalLong lastOffset() {
        int slot = entries.count() - 1;
        return slot < 0 ? OptionalLong.empty() : OptionalLong.of(baseOffset + entries.intAt(slot, 0));
    }

    IndexEntries entries() {
        return entries;
    }
}
