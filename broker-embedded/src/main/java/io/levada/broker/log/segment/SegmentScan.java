/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.files.LogDirectoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its start, batch by batch, and fills its indexes, up to its end or the first damage. Bytes are read through one
 * small buffer, since the length in a damaged header may be anything.
 */
public final class SegmentScan {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final Segment segment;
    private final Depth depth;
    private @Nullable ByteBuffer buffer;

    private int position;
    private long nextOffset;
    private int leaderEpoch = RecordBatch.NO_PARTITION_LEADER_EPOCH;
    private LargestTimestamp largest = LargestTimestamp.NONE;

    private enum Depth {
        READ,
        INDEX,
        VERIFY,
        VERIFY_LAST
    }

    /**
     * @param end the offset and position after the last whole batch
     * @param leaderEpoch the epoch of that batch, or -1
     * @param largest the youngest batch of those scanned
     * @param damage why the scan ended before the end of the file, if it did
     */
    public record Result(LogPosition end, int leaderEpoch, LargestTimestamp largest, Optional<String> damage) {
        /** A segment without a batch. */
        public static Result empty(long baseOffset) {
            return new Result(
                    new LogPosition(baseOffset, baseOffset, 0),
                    RecordBatch.NO_PARTITION_LEADER_EPOCH,
                    LargestTimestamp.NONE,
                    Optional.empty());
        }
    }

    private SegmentScan(Segment segment, Depth depth, int position) {
        this.segment = segment;
        this.depth = depth;
        this.position = position;
        this.nextOffset = segment.baseOffset();
    }

    /**
     * Scans a segment that may be torn and indexes it: batches count only if their checksum is right. The checksum does not cover a
     * batch's offset; in the last segment, which no compaction has touched, it must be the next one.
     */
    public static Result verify(Segment segment, boolean isLast) throws IOException {
        return new SegmentScan(segment, isLast ? Depth.VERIFY_LAST : Depth.VERIFY, 0).run();
    }

    /** Scans a segment that was forced to disk and indexes it: headers are enough. */
    public static Result index(Segment segment) throws IOException {
        return new SegmentScan(segment, Depth.INDEX, 0).run();
    }

    /** Reads the headers from a batch's position on. */
    static Result headers(Segment segment, int position) throws IOException {
        return new SegmentScan(segment, Depth.READ, position).run();
    }

    private Result run() throws IOException {
        Optional<String> damage = Optional.empty();
        try {
            segment.file().reading(this::scan);
            if (position < segment.sizeInBytes()) {
                damage = Optional.of("the last batch is not whole");
            }
        } catch (CorruptRecordException e) {
            damage = Optional.of(String.valueOf(e.getMessage()));
        }
        return new Result(new LogPosition(nextOffset, segment.baseOffset(), position), leaderEpoch, largest, damage);
    }

    private boolean scan(FileRecords records) throws IOException {
        for (FileChannelRecordBatch batch : records.batchesFrom(position)) {
            check(batch);
            accept(batch);
        }
        return true;
    }

    private void accept(FileChannelRecordBatch batch) {
        if (depth != Depth.READ) {
            segment.index(batch, batch.position());
        }
        nextOffset = batch.nextOffset();
        leaderEpoch = batch.partitionLeaderEpoch();
        largest = largest.with(batch);
        position = batch.position() + batch.sizeInBytes();
    }

    private void check(FileChannelRecordBatch batch) throws IOException {
        if (batch.magic() < RecordBatch.MAGIC_VALUE_V2 && isWholeLegacy(batch)) {
            throw new LogDirectoryException(segment + " holds record batches of format " + batch.magic()
                    + " at position " + batch.position() + ", written for Kafka before 0.11; only format 2 can be read."
                    + " Copy the topic with a Kafka that still reads it");
        }
        if (batch.magic() != RecordBatch.MAGIC_VALUE_V2) {
            throw new CorruptRecordException("unknown batch format " + batch.magic());
        }
        if (batch.sizeInBytes() < DefaultRecordBatch.RECORD_BATCH_OVERHEAD) {
            throw new CorruptRecordException("a batch of " + batch.sizeInBytes() + " bytes is smaller than its header");
        }
        if (depth.compareTo(Depth.VERIFY) >= 0 && checksum(batch) != batch.checksum()) {
            throw new CorruptRecordException("the checksum of a batch does not match");
        }
        boolean gap = batch.baseOffset() > nextOffset && depth == Depth.VERIFY_LAST;
        if (gap || batch.baseOffset() < nextOffset || batch.lastOffset() < batch.baseOffset()) {
            throw new CorruptRecordException(
                    "offsets " + batch.baseOffset() + ".." + batch.lastOffset() + " follow " + (nextOffset - 1));
        }
    }

    /** Damaged bytes can look like an old format; only a matching checksum says that it is one. */
    private static boolean isWholeLegacy(FileChannelRecordBatch batch) {
        try {
            return batch.sizeInBytes() <= BUFFER_BYTES && batch.isValid();
        } catch (RuntimeException notEvenThat) {
            return false;
        }
    }

    private long checksum(FileChannelRecordBatch batch) throws IOException {
        CRC32C crc = new CRC32C();
        long at = batch.position() + (long) DefaultRecordBatch.CRC_OFFSET + Integer.BYTES;
        long end = batch.position() + (long) batch.sizeInBytes();
        ByteBuffer chunk = chunk();
        while (at < end) {
            chunk.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
            int read = segment.file().read(chunk, at);
            if (read < 0) {
                throw new CorruptRecordException("the file ends within a batch");
            }
            crc.update(chunk.flip());
            at += read;
        }
        return crc.getValue();
    }

    private ByteBuffer chunk() {
        ByteBuffer chunk = buffer == null ? ByteBuffer.allocate(BUFFER_BYTES) : buffer;
        buffer = chunk;
        return chunk;
    }
}
