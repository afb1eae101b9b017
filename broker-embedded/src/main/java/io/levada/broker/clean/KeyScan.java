/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.segment.SealedSegment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/** First pass: the last offset of each key in the dirty part of a log. Aborted records count for nothing. */
final class KeyScan {
    private final OffsetMap map;
    private final long fromOffset;
    private final TransactionFates fates;
    private final Buffers buffers;
    private final Throttle throttle;
    private final int maxDecompressedBytes;

    KeyScan(
            OffsetMap map,
            long fromOffset,
            TransactionFates fates,
            Buffers buffers,
            Throttle throttle,
            int maxDecompressedBytes) {
        this.map = map;
        this.fromOffset = fromOffset;
        this.fates = fates;
        this.buffers = buffers;
        this.throttle = throttle;
        this.maxDecompressedBytes = maxDecompressedBytes;
    }

    /** Fills the map as far as it goes: {@link OffsetMap#latestOffset} tells how far that is. */
    void run(List<SealedSegment> dirty) throws IOException {
        for (SealedSegment segment : dirty) {
            if (!scan(new SegmentBatches(segment, buffers, throttle))) {
                return;
            }
            // Also where the last records of the segment have been compacted away.
            map.reached(segment.nextBaseOffset() - 1);
        }
    }

    private boolean scan(SegmentBatches batches) throws IOException {
        for (Optional<MemoryRecords> next = batches.next(); next.isPresent(); next = batches.next()) {
            for (MutableRecordBatch batch : next.get().batches()) {
                if (!scan(batch)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean scan(MutableRecordBatch batch) {
        if (holdsKeys(batch) && batch.lastOffset() >= fromOffset && !putAll(batch)) {
            return false;
        }
        if (batch.lastOffset() >= fromOffset) {
            map.reached(batch.lastOffset());
        }
        return true;
    }

    private boolean holdsKeys(MutableRecordBatch batch) {
        if (batch.isControlBatch()) {
            fates.pass(batch);
            return false;
        }
        return !fates.isAborted(batch);
    }

    private boolean putAll(MutableRecordBatch batch) {
        try (var records = batch.streamingIterator(buffers.decompression(), maxDecompressedBytes)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.hasKey() && record.offset() >= fromOffset) {
                    if (map.isFull()) {
                        return false;
                    }
                    map.put(record.key(), record.offset());
                }
            }
        }
        return true;
    }
}
