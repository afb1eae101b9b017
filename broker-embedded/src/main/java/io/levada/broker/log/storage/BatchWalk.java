/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import io.levada.broker.log.recovery.BatchSearch;
import io.levada.broker.log.segment.SegmentScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log file from one end to the other whatever is in it: batches that are whole, and between them what is damaged. Unlike {@link SegmentScan},
 * which stops at the first damage as nothing after it may be served, it goes on behind.
 */
final class BatchWalk {
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int MAGIC_AT = 16;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int LAST_DELTA_AT = 23;

    private final FileChannel file;
    private final long size;
    private final long limitOffset;
    private final Visitor visitor;
    private final ByteBuffer header = ByteBuffer.allocate(WalkedBatch.HEADER_BYTES);
    private final ByteBuffer chunk = ByteBuffer.allocate(BUFFER_BYTES);
    private long nextOffset;

    /** Is told what there is, in the order of the file. */
    interface Visitor {
        void batch(WalkedBatch batch) throws IOException;

        /**
         * Bytes that are no whole batch.
         *
         * @param nextOffset the offset that was expected here
         */
        void damage(long position, long bytes, long nextOffset, String what) throws IOException;

        /** A batch of a format before 2: not damaged, but nothing here can read it. The walk ends. */
        void tooOld(long position, int magic) throws IOException;
    }

    private BatchWalk(FileChannel file, long baseOffset, long limitOffset, Visitor visitor) throws IOException {
        this.file = file;
        this.size = file.size();
        this.nextOffset = baseOffset;
        this.limitOffset = limitOffset;
        this.visitor = visitor;
    }

    /**
     * Walks over a segment's file.
     *
     * @param baseOffset where the segment begins
     * @param limitOffset where the next one begins
     * @return the offset after the last whole batch
     */
    static long over(FileChannel file, long baseOffset, long limitOffset, Visitor visitor) throws IOException {
        return new BatchWalk(file, baseOffset, limitOffset, visitor).run();
    }

    private long run() throws IOException {
        long at = 0;
        while (at < size) {
            String wrong = wrongAt(at);
            if (wrong == null) {
                WalkedBatch batch = WalkedBatch.of(at, header);
                visitor.batch(batch);
                nextOffset = batch.lastOffset() + 1;
                at = batch.end();
            } else if (isTooOld(at)) {
                visitor.tooOld(at, header.get(MAGIC_AT));
                return nextOffset;
            } else {
                OptionalLong whole = nextWhole(at + 1);
                long end = whole.orElse(size);
                visitor.damage(at, end - at, nextOffset, wrong);
                at = end;
            }
        }
        return nextOffset;
    }

    /** The next batch that is whole and whose offsets fit between its neighbours'. */
    private OptionalLong nextWhole(long from) throws IOException {
        OptionalLong found = BatchSearch.next(file, from, nextOffset);
        while (found.isPresent() && wrongAt(found.getAsLong()) != null) {
            found = BatchSearch.next(file, found.getAsLong() + 1, nextOffset);
        }
        return found;
    }

    private @Nullable String wrongAt(long at) throws IOException {
        if (!readHeader(at)) {
            return (size - at) + " bytes at the end are no whole batch";
        }
        long length = header.getInt(8);
        if (header.get(MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2) {
            return isZero()
                    ? "there are zeros where a batch should be"
                    : "format " + header.get(MAGIC_AT) + " is not known";
        }
        if (length < WalkedBatch.HEADER_BYTES - WalkedBatch.LENGTH_OVERHEAD) {
            return "a batch of " + length + " bytes is smaller than its header";
        }
        if (at + WalkedBatch.LENGTH_OVERHEAD + length > size) {
            return "the last batch is not whole";
        }
        if (checksum(at) != Integer.toUnsignedLong(header.getInt(CRC_AT))) {
            return "the checksum of a batch does not match";
        }
        return wrongOffsets(at);
    }

    /** The checksum does not cover the base offset, only its neighbours tell whether it is right. */
    private @Nullable String wrongOffsets(long at) throws IOException {
        WalkedBatch batch = WalkedBatch.of(at, header);
        if (header.getInt(LAST_DELTA_AT) < 0 || batch.baseOffset() < nextOffset || batch.lastOffset() >= limitOffset) {
            return "offsets " + batch.baseOffset() + ".." + batch.lastOffset() + " do not fit behind "
                    + (nextOffset - 1) + (limitOffset == Long.MAX_VALUE ? "" : " and before " + limitOffset);
        }
        if (batch.baseOffset() > nextOffset) {
            if (isContradictedBy(batch)) {
                return "offsets " + batch.baseOffset() + ".." + batch.lastOffset()
                        + " are past those of the next batch";
            }
            readHeader(at);
        }
        return null;
    }

    private boolean isContradictedBy(WalkedBatch batch) throws IOException {
        return readHeader(batch.end())
                && header.get(MAGIC_AT) == RecordBatch.MAGIC_VALUE_V2
                && header.getLong(0) >= nextOffset
                && header.getLong(0) <= batch.lastOffset();
    }

    private boolean readHeader(long at) throws IOException {
        header.clear();
        while (header.hasRemaining()) {
            if (file.read(header, at + header.position()) < 0) {
                return false;
            }
        }
        header.flip();
        return true;
    }

    private boolean isZero() {
        for (int i = 0; i < header.limit(); i++) {
            if (header.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Formats 0 and 1 carry their own checksum, without which damaged bytes could look like them. */
    private boolean isTooOld(long at) throws IOException {
        if (!readHeader(at) || header.get(MAGIC_AT) < 0 || header.get(MAGIC_AT) > 1) {
            return false;
        }
        int length = header.getInt(8);
        if (length < 14 || length > BUFFER_BYTES || at + WalkedBatch.LENGTH_OVERHEAD + length > size) {
            return false;
        }
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        ByteBuffer body = ByteBuffer.allocate(length - Integer.BYTES);
        while (body.hasRemaining() && file.read(body, at + MAGIC_AT + body.position()) >= 0) {
            // until the message is read
        }
        crc.update(body.flip());
        return crc.getValue() == Integer.toUnsignedLong(header.getInt(WalkedBatch.LENGTH_OVERHEAD));
    }

    private long checksum(long at) throws IOException {
        CRC32C crc = new CRC32C();
        long end = at + WalkedBatch.LENGTH_OVERHEAD + header.getInt(8);
        for (long next = at + ATTRIBUTES_AT; next < end; ) {
            chunk.clear().limit((int) Math.min(BUFFER_BYTES, end - next));
            int read = file.read(chunk, next);
            if (read < 0) {
                return -1;
            }
            crc.update(chunk.flip());
            next += read;
        }
        return crc.getValue();
    }
}
