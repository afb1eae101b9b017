/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.segment.SealedSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What compaction may do in a partition now.
 *
 * @param log the partition
 * @param segments those that may be rewritten, oldest first
 * @param from where the records begin that no pass has seen
 * @param cleanBytes what earlier passes have rewritten
 * @param dirtyBytes what no pass has seen
 * @param overdue whether a record has waited longer than {@code max.compaction.lag.ms}
 */
record DirtySection(
        PartitionLog log, List<SealedSegment> segments, long from, long cleanBytes, long dirtyBytes, boolean overdue) {

    /**
     * Looks at a partition; reads no more than the first batch of some segments.
     *
     * @param cleanedTo where the last pass ended, if there was one that is known of
     */
    static DirtySection of(PartitionLog log, long cleanedTo, long nowMs) {
        LogConfig.Compaction lags = log.config().compaction();
        // After a cut or DeleteRecords there may be nothing left of what was cleaned.
        long from = Math.max(log.logStartOffset(), cleanedTo > log.logEndOffset() ? 0 : cleanedTo);
        List<SealedSegment> segments = new ArrayList<>();
        long cleanBytes = 0;
        long dirtyBytes = 0;
        for (SealedSegment segment : log.compaction().sealed()) {
            boolean dirty = segment.nextBaseOffset() > from;
            if (dirty && lags.minLagMs() > 0 && segment.youngestMs() > nowMs - lags.minLagMs()) {
                break;
            }
            segments.add(segment);
            cleanBytes += dirty ? 0 : segment.sizeInBytes();
            dirtyBytes += dirty ? segment.sizeInBytes() : 0;
        }
        return new DirtySection(
                log, List.copyOf(segments), from, cleanBytes, dirtyBytes, isOverdue(segments, from, lags, nowMs));
    }

    private static boolean isOverdue(List<SealedSegment> segments, long from, LogConfig.Compaction lags, long nowMs) {
        if (lags.maxLagMs() == Long.MAX_VALUE) {
            return false;
        }
        return segments.stream()
                .filter(segment -> segment.nextBaseOffset() > from)
                .mapToLong(SealedSegment::firstTimestampMs)
                .anyMatch(firstMs -> firstMs > 0 && firstMs < nowMs - lags.maxLagMs());
    }

    /** Which share of the log is dirty, within [0, 1]. */
    double ratio() {
        return dirtyBytes == 0 ? 0 : dirtyBytes / (double) (cleanBytes + dirtyBytes);
    }

    boolean isWorthwhile() {
        return dirtyBytes > 0 && (overdue || ratio() > log.config().compaction().minCleanableDirtyRatio());
    }

    List<SealedSegment> dirty() {
        return segments.stream()
                .filter(segment -> segment.nextBaseOffset() > from)
                .toList();
    }

    /** No more keys than that can be in the dirty part. */
    long offsets() {
        return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).nextBaseOffset() - from;
    }
}
