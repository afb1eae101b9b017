/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;

/**
 * A whole batch as it lies in a file, told by its header.
 *
 * @param position of its first byte
 * @param bytes its size in the file
 */
public record WalkedBatch(
        long position,
        int bytes,
        long baseOffset,
        long lastOffset,
        int leaderEpoch,
        short attributes,
        long baseTimestampMs,
        long maxTimestampMs,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int records) {
    static final int HEADER_BYTES = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
    /** What precedes the length that a batch tells of itself, and that length. */
    static final int LENGTH_OVERHEAD = 12;

    private static final int CODEC_MASK = 7;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    static WalkedBatch of(long position, ByteBuffer header) {
        int at = header.position();
        long base = header.getLong(at);
        return new WalkedBatch(
                position,
                header.getInt(at + 8) + LENGTH_OVERHEAD,
                base,
                base + header.getInt(at + 23),
                header.getInt(at + 12),
                header.getShort(at + 21),
                header.getLong(at + 27),
                header.getLong(at + 35),
                header.getLong(at + 43),
                header.getShort(at + 51),
                header.getInt(at + 53),
                header.getInt(at + 57));
    }

    public int codec() {
        return attributes & CODEC_MASK;
    }

    public boolean isTransactional() {
        return (attributes & TRANSACTIONAL) != 0;
    }

    public boolean isControl() {
        return (attributes & CONTROL) != 0;
    }

    long end() {
        return position + bytes;
    }
}
