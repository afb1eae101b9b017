/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The aborted transactions whose marker is in a segment, in the order of their markers. There is no file where there are none; it is a sequence of
 * <pre>
 *    0  int16  version, 0
 *    2  int64  producer id
 *   10  int64  offset of the transaction's first record, maybe in an earlier segment
 *   18  int64  offset of its marker
 *   26  int64  the last stable offset after the marker
 * </pre>
 */
public final class TransactionIndex {
    private static final int ENTRY_BYTES = 34;
    private static final short VERSION = 0;
    private static final int PRODUCER_AT = 2;
    private static final int FIRST_AT = 10;
    private static final int LAST_AT = 18;
    private static final int STABLE_AT = 26;

    private final Path file;
    private final IndexEntries entries;

    private TransactionIndex(Path file, IndexEntries entries) {
        this.file = file;
        this.entries = entries;
    }

    static TransactionIndex empty(Path file) {
        return new TransactionIndex(file, IndexEntries.inMemory(file, ENTRY_BYTES, Long.BYTES, 0));
    }

    /**
     * Opens the index of a segment that was sealed or closed.
     *
     * @throws CorruptIndexException when its entries cannot belong to a segment that begins at {@code baseOffset}
     */
    public static TransactionIndex open(Path file, long baseOffset) throws IOException {
        return Files.notExists(file) ? empty(file) : openPresent(file, baseOffset);
    }

    private static TransactionIndex openPresent(Path file, long baseOffset) throws IOException {
        IndexEntries entries = IndexEntries.onDisk(file, ENTRY_BYTES, Long.BYTES);
        TransactionIndex index = new TransactionIndex(file, entries);
        index.requireSense(baseOffset);
        return index;
    }

    /** There is no checksum; markers come one after the other. */
    private void requireSense(long baseOffset) throws CorruptIndexException {
        long after = baseOffset - 1;
        for (int slot = 0; slot < entries.count(); slot++) {
            AbortedTransaction each = at(slot);
            boolean sensible = entries.shortAt(slot, 0) == VERSION
                    && each.lastOffset() > after
                    && each.firstOffset() >= 0
                    && each.firstOffset() < each.lastOffset()
                    && each.lastStableOffset() <= each.lastOffset() + 1;
            if (!sensible) {
                throw new CorruptIndexException(file, "entry " + slot + " is " + each + " after offset " + after);
            }
            after = each.lastOffset();
        }
    }

    public void append(AbortedTransaction transaction) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES)
                .putShort(VERSION)
                .putLong(transaction.producerId())
                .putLong(transaction.firstOffset())
                .putLong(transaction.lastOffset())
                .putLong(transaction.lastStableOffset());
        entries.append(entry.flip());
    }

    /**
     * Adds the transactions that touch the offsets from {@code fromOffset} up to {@code toOffset}.
     *
     * @return whether later segments can have no more of them
     */
    public boolean collect(long fromOffset, long toOffset, List<AbortedTransaction> into) {
        int count = entries.count();
        for (int slot = firstEndingAtOrAfter(fromOffset, count); slot < count; slot++) {
            AbortedTransaction each = at(slot);
            if (each.touches(fromOffset, toOffset)) {
                into.add(each);
            }
            if (each.lastStableOffset() >= toOffset) {
                return true;
            }
        }
        return false;
    }

    private int firstEndingAtOrAfter(long offset, int count) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.longAt(middle, LAST_AT) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    public List<AbortedTransaction> all() {
        List<AbortedTransaction> all = new ArrayList<>();
        for (int slot = 0; slot < entries.count(); slot++) {
            all.add(at(slot));
        }
        return all;
    }

    private AbortedTransaction at(int slot) {
        return new AbortedTransaction(
                entries.longAt(slot, PRODUCER_AT),
                entries.longAt(slot, FIRST_AT),
                entries.longAt(slot, LAST_AT),
                entries.longAt(slot, STABLE_AT));
    }

    /** Puts the entries on disk; where there are none, no file is. */
    void write() throws IOException {
        if (entries.count() == 0) {
            Files.deleteIfExists(file);
        } else {
            entries.write();
        }
    }

    IndexEntries entries() {
        return entries;
    }
}
