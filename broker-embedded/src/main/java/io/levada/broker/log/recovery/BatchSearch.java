/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Finds the next whole batch after a damage, where no length can be believed: at every byte it asks whether a batch could begin here, and whether its
 * checksum is right. The offset, which the checksum does not cover, must come after what was read before.
 */
public final class BatchSearch {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int HEADER = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
    private static final int LENGTH_AT = 8;
    private static final int MAGIC_AT = 16;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int LAST_DELTA_AT = 23;
    private static final int RECORDS_AT = 57;
    private static final int KNOWN_ATTRIBUTES = 0x7f;

    private final FileChannel file;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(BUFFER_BYTES);
    private long windowAt;

    private BatchSearch(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
        this.window.limit(0);
    }

    /** The position of the first whole batch at or after {@code from} whose base offset is at least {@code offset}. */
    public static OptionalLong next(FileChannel file, long from, long offset) throws IOException {
        return new BatchSearch(file).run(from, offset);
    }

    private OptionalLong run(long from, long offset) throws IOException {
        for (long at = from; at + HEADER <= size; at++) {
            if (couldBegin(at, offset) && checksumIsRight(at)) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    private boolean couldBegin(long at, long offset) throws IOException {
        int start = load(at);
        if (window.get(start + MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2) {
            return false;
        }
        long base = window.getLong(start);
        int length = window.getInt(start + LENGTH_AT);
        return base >= offset
                && length >= HEADER - LENGTH_AT - Integer.BYTES
                && at + LENGTH_AT + Integer.BYTES + length <= size
                && (window.getShort(start + ATTRIBUTES_AT) & ~KNOWN_ATTRIBUTES) == 0
                && window.getInt(start + LAST_DELTA_AT) >= 0
                && window.getInt(start + RECORDS_AT) >= 0;
    }

    /** Sees to it that a header at this position is in the window; where in it is the answer. */
    private int load(long at) throws IOException {
        if (at < windowAt || at + HEADER > windowAt + window.limit()) {
            window.clear();
            windowAt = at;
            while (window.hasRemaining() && file.read(window, at + window.position()) >= 0) {
                // until the window is full or the file at its end
            }
            window.flip();
        }
        return (int) (at - windowAt);
    }

    private boolean checksumIsRight(long at) throws IOException {
        int start = load(at);
        long expected = Integer.toUnsignedLong(window.getInt(start + CRC_AT));
        long end = at + LENGTH_AT + Integer.BYTES + window.getInt(start + LENGTH_AT);
        CRC32C crc = new CRC32C();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - at));
        for (long next = at + ATTRIBUTES_AT; next < end; ) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), end - next));
            int read = file.read(chunk, next);
            if (read < 0) {
                return false;
            }
            crc.update(chunk.flip());
            next += read;
        }
        return crc.getValue() == expected;
    }
}
