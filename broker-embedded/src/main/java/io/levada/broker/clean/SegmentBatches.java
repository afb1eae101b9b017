/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.segment.SealedSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;

/**
 * Reads a segment's batches in order through a buffer that grows to the largest of them. Every batch's checksum is looked at: a batch
 * that is written anew gets a new one, and damage must not be sealed with it.
 */
final class SegmentBatches {
    private final SealedSegment segment;
    private final Buffers buffers;
    private final Throttle throttle;
    private final int end;
    private int position;

    SegmentBatches(SealedSegment segment, Buffers buffers, Throttle throttle) {
        this.segment = segment;
        this.buffers = buffers;
        this.throttle = throttle;
        this.end = segment.sizeInBytes();
    }

    /**
     * The next batches, whole, in a buffer that the next call uses again; empty at the end.
     *
     * @throws CorruptRecordException when a batch is damaged
     */
    Optional<MemoryRecords> next() throws IOException {
        if (position >= end) {
            return Optional.empty();
        }
        MemoryRecords batches = read();
        for (RecordBatch batch : batches.batches()) {
            if (batch.magic() != RecordBatch.MAGIC_VALUE_V2) {
                throw new CorruptRecordException("a batch of format " + batch.magic() + " in " + segment);
            }
            batch.ensureValid();
        }
        int bytes = batches.validBytes();
        position += bytes;
        throttle.used(bytes);
        return Optional.of(batches);
    }

    private MemoryRecords read() throws IOException {
        fill(buffers.input());
        int first = firstBatchBytes(buffers.input());
        if (first > buffers.input().limit()) {
            buffers.growInput(first);
            fill(buffers.input());
        }
        MemoryRecords read = MemoryRecords.readableRecords(buffers.input());
        return read.slice(0, read.validBytes());
    }

    private void fill(ByteBuffer buffer) throws IOException {
        buffer.clear().limit(Math.min(buffer.capacity(), end - position));
        while (buffer.hasRemaining()) {
            int read = segment.read(buffer, position + (long) buffer.position());
            if (read < 0) {
                throw new CorruptRecordException("the file " + segment + " ends before byte " + end);
            }
        }
        buffer.flip();
    }

    private int firstBatchBytes(ByteBuffer buffer) {
        long bytes = buffer.limit() < Records.LOG_OVERHEAD
                ? 0
                : (long) buffer.getInt(Records.SIZE_OFFSET) + Records.LOG_OVERHEAD;
        if (bytes < DefaultRecordBatch.RECORD_BATCH_OVERHEAD || bytes > end - position) {
            throw new CorruptRecordException(
                    "a batch of " + bytes + " bytes at position " + position + " of " + segment);
        }
        return (int) bytes;
    }
}
