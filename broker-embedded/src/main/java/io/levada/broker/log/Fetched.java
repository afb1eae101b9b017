/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.files.LogSlice;
import io.levada.broker.log.segment.AbortedTransaction;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Records;

/**
 * What one read found.
 *
 * <p>The records are a slice of the segment's file and hold neither memory nor an open file. The file can be read for
 * {@code file.delete.delay.ms} after retention removes the segment, so a response must be written within that time.
 *
 * @param records a {@link LogSlice}, or {@link MemoryRecords#EMPTY} when there is nothing that may be read
 * @param filePosition where the slice starts in its file, in bytes; 0 when empty
 * @param highWatermark the first offset that is not yet readable
 * @param lastStableOffset the first offset of the oldest open transaction, or the high watermark
 * @param logStartOffset the first offset of the partition
 * @param abortedTransactions for a reader of committed records the aborted transactions that touch the slice, by first offset; it may name some that
 *     begin shortly after. Empty for others
 */
public record Fetched(
        Records records,
        long filePosition,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        List<AbortedTransaction> abortedTransactions) {

    static Fetched nothing(long highWatermark, long lastStableOffset, long logStartOffset) {
        return new Fetched(MemoryRecords.EMPTY, 0, highWatermark, lastStableOffset, logStartOffset, List.of());
    }

    Fetched with(Records slice, long position, List<AbortedTransaction> aborted) {
        return new Fetched(slice, position, highWatermark, lastStableOffset, logStartOffset, aborted);
    }

    public int sizeInBytes() {
        return records.sizeInBytes();
    }

    public boolean isEmpty() {
        return sizeInBytes() == 0;
    }
}
