/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.Comparator;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.internal.FileRecords.LogOffsetPosition;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Finds records below the high watermark. Takes no lock: segments only grow at their end or go as a whole. */
final class LogReader {
    private final TopicPartition partition;
    private final Segments segments;
    private final Durability durability;

    LogReader(TopicPartition partition, Segments segments, Durability durability) {
        this.partition = partition;
        this.segments = segments;
        this.durability = durability;
    }

    Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, long firstUnstableOffset, long logStartOffset) {
        LogPosition highWatermark = durability.highWatermark();
        long lastStable = Math.min(highWatermark.offset(), firstUnstableOffset);
        Fetched nothing = Fetched.nothing(highWatermark.offset(), lastStable, logStartOffset);
        if (offset >= highWatermark.offset()) {
            return nothing;
        }
        Segment segment = segments.holding(offset);
        if (segment == null) {
            throw new OffsetOutOfRangeException("offset " + offset + " of " + partition + " was deleted meanwhile");
        }
        // Compaction may leave a segment without any record from the offset on: then the next one has the next record.
        while (segment != null && segment.baseOffset() <= highWatermark.segmentBaseOffset()) {
            LogOffsetPosition found = segment.find(offset);
            int end = readableBytes(segment, highWatermark);
            if (found != null && found.position < end) {
                return slice(segment, found, end, maxBytes, atLeastOneBatch, nothing);
            }
            segment = segments.after(segment);
        }
        return nothing;
    }

    private static int readableBytes(Segment segment, LogPosition highWatermark) {
        return segment.baseOffset() == highWatermark.segmentBaseOffset()
                ? highWatermark.position()
                : segment.sizeInBytes();
    }

    private static Fetched slice(
            Segment segment, LogOffsetPosition found, int end, int maxBytes, boolean atLeastOneBatch, Fetched nothing) {
        if (found.size > maxBytes && !atLeastOneBatch) {
            return nothing;
        }
        int size = Math.min(Math.max(maxBytes, found.size), end - found.position);
        return new Fetched(
                segment.records().slice(found.position, size),
                found.position,
                nothing.highWatermark(),
                nothing.lastStableOffset(),
                nothing.logStartOffset());
    }

    Optional<TimestampedOffset> firstOffsetAtOrAfter(long timestampMs, long logStartOffset, int maxDecompressedBytes) {
        return segments.all().stream()
                .filter(segment -> segment.largestTimestamp().timestampMs() >= timestampMs)
                .flatMap(segment -> segment.find(timestampMs, logStartOffset, maxDecompressedBytes).stream())
                .findFirst()
                .filter(this::isReadable);
    }

    Optional<TimestampedOffset> maxTimestamp(long logStartOffset, int maxDecompressedBytes) {
        @Nullable
        Segment youngest = segments.all().stream()
                .max(Comparator.comparingLong(
                        segment -> segment.largestTimestamp().timestampMs()))
                .orElse(null);
        if (youngest == null || youngest.largestTimestamp().timestampMs() == RecordBatch.NO_TIMESTAMP) {
            return Optional.empty();
        }
        return youngest.find(youngest.largestTimestamp().timestampMs(), logStartOffset, maxDecompressedBytes)
                .filter(this::isReadable);
    }

    private boolean isReadable(TimestampedOffset found) {
        return found.offset() < durability.highWatermark().offset();
    }
}
