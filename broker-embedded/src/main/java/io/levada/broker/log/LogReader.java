/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.producers.OpenTransactions;
import io.levada.broker.log.segment.AbortedTransaction;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.Segments;
import io.levada.broker.log.segment.TimestampedOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.internal.FileRecords.LogOffsetPosition;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Finds records below the high watermark, or below the last stable offset for readers of committed ones. Takes no lock: segments only grow at their end or go as a whole. */
final class LogReader {
    private final TopicPartition partition;
    private final Segments segments;
    private final Durability durability;
    private final OpenTransactions transactions;

    LogReader(TopicPartition partition, Segments segments, Durability durability, OpenTransactions transactions) {
        this.partition = partition;
        this.segments = segments;
        this.durability = durability;
        this.transactions = transactions;
    }

    Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, IsolationLevel isolation, long logStartOffset) {
        LogPosition highWatermark = durability.highWatermark();
        LogPosition stable = transactions.stable(highWatermark);
        LogPosition limit = isolation == IsolationLevel.READ_COMMITTED ? stable : highWatermark;
        Fetched nothing =
                Fetched.nothing(highWatermark.offset(), Math.max(stable.offset(), logStartOffset), logStartOffset);
        if (offset >= limit.offset()) {
            return nothing;
        }
        Segment segment = segments.holding(offset);
        if (segment == null) {
            throw deleted(offset);
        }
        // Compaction may leave a segment without any record from the offset on: then the next one has the next record.
        while (segment != null && segment.baseOffset() <= limit.segmentBaseOffset()) {
            LogOffsetPosition found = segment.find(offset);
            int end = readableBytes(segment, limit);
            if (found != null && found.position < end) {
                int size = Math.min(Math.max(maxBytes, found.size), end - found.position);
                if (found.size > maxBytes && !atLeastOneBatch) {
                    return nothing;
                }
                List<AbortedTransaction> aborted = isolation == IsolationLevel.READ_COMMITTED
                        ? aborted(segment, offset, found.position + size, limit.offset())
                        : List.of();
                return nothing.with(segment.file().slice(found.position, size), found.position, aborted);
            }
            segment = segments.after(segment);
        }
        return nothing;
    }

    private OffsetOutOfRangeException deleted(long offset) {
        return new OffsetOutOfRangeException("offset " + offset + " of " + partition + " was deleted meanwhile");
    }

    private static int readableBytes(Segment segment, LogPosition limit) {
        return segment.baseOffset() == limit.segmentBaseOffset() ? limit.position() : segment.sizeInBytes();
    }

    /** The aborted transactions that touch a slice; their markers may be in any later segment. */
    private List<AbortedTransaction> aborted(Segment first, long fromOffset, int endPosition, long limitOffset) {
        Segment next = segments.after(first);
        long sliceEnd = first.offsetFrom(endPosition).orElse(next == null ? limitOffset : next.baseOffset());
        long toOffset = Math.min(sliceEnd, limitOffset);
        List<AbortedTransaction> aborted = new ArrayList<>();
        for (Segment segment : segments.from(first)) {
            if (segment.transactions().collect(fromOffset, toOffset, aborted)) {
                break;
            }
        }
        aborted.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        return aborted;
    }

    /** Where readers of this isolation stop. */
    long end(IsolationLevel isolation) {
        LogPosition highWatermark = durability.highWatermark();
        return (isolation == IsolationLevel.READ_COMMITTED ? transactions.stable(highWatermark) : highWatermark)
                .offset();
    }

    Optional<TimestampedOffset> firstOffsetAtOrAfter(
            long timestampMs, IsolationLevel isolation, long logStartOffset, int maxDecompressedBytes) {
        return segments.all().stream()
                .filter(segment -> segment.largestTimestamp().timestampMs() >= timestampMs)
                .flatMap(segment -> segment.find(timestampMs, logStartOffset, maxDecompressedBytes).stream())
                .findFirst()
                .filter(found -> found.offset() < end(isolation));
    }

    Optional<TimestampedOffset> maxTimestamp(IsolationLevel isolation, long logStartOffset, int maxDecompressedBytes) {
        @Nullable
        Segment youngest = segments.all().stream()
                .max(Comparator.comparingLong(
                        segment -> segment.largestTimestamp().timestampMs()))
                .orElse(null);
        if (youngest == null || youngest.largestTimestamp().timestampMs() == RecordBatch.NO_TIMESTAMP) {
            return Optional.empty();
        }
        return youngest.find(youngest.largestTimestamp().timestampMs(), logStartOffset, maxDecompressedBytes)
                .filter(found -> found.offset() < end(isolation));
    }
}
