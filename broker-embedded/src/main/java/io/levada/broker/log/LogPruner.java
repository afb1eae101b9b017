/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.Segments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which sealed segments go, and takes them away in two steps: out of the partition, then after a delay off the disk. */
final class LogPruner {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogPruner.class);

    private final TopicPartition partition;
    private final Segments segments;
    /** Segments out of the partition whose files readers may still use. */
    private final Queue<Removed> removed = new ConcurrentLinkedQueue<>();

    private record Removed(Segment segment, long deleteAtMs) {}

    LogPruner(TopicPartition partition, Segments segments) {
        this.partition = partition;
        this.segments = segments;
    }

    /** Whether not even the newest record is to stay, as it is too old or {@code retention.bytes} is 0: its segment must be sealed to go. */
    boolean activeGoes(LogConfig.Retention retention, long nowMs) {
        Segment active = segments.active();
        return active.sizeInBytes() > 0
                && (isExpired(active, retention, nowMs) || isBeyondSize(active.sizeInBytes(), active, retention));
    }

    /** The segments to remove, oldest first; never the active one, nor one that is not yet readable to its end. */
    List<Segment> expired(LogConfig.Retention retention, long logStartOffset, LogPosition highWatermark, long nowMs) {
        List<Segment> expired = new ArrayList<>();
        long size = segments.sizeInBytes();
        for (Segment segment : segments.all()) {
            boolean goes = segment != segments.active()
                    && endOf(segment) <= highWatermark.offset()
                    && (endOf(segment) <= logStartOffset
                            || isExpired(segment, retention, nowMs)
                            || isBeyondSize(size, segment, retention));
            if (!goes) {
                break;
            }
            expired.add(segment);
            size -= segment.sizeInBytes();
        }
        return expired;
    }

    private static boolean isExpired(Segment segment, LogConfig.Retention retention, long nowMs) {
        return retention.deletes() && retention.ms() >= 0 && nowMs - segment.retainedFromMs() > retention.ms();
    }

    private static boolean isBeyondSize(long size, Segment segment, LogConfig.Retention retention) {
        return retention.deletes() && retention.bytes() >= 0 && size - segment.sizeInBytes() >= retention.bytes();
    }

    /** The first offset after a sealed segment. */
    long endOf(Segment segment) {
        Segment next = segments.after(segment);
        return next == null ? Long.MAX_VALUE : next.baseOffset();
    }

    /** Takes a segment out of the partition; readers that have a slice of it may go on until {@code deleteAtMs}. */
    void remove(Segment segment, long deleteAtMs) {
        try {
            segment.markDeleted();
        } catch (IOException e) {
            throw new KafkaStorageException("cannot remove the segment " + segment + " of " + partition, e);
        }
        segments.remove(segment);
        deleteLater(segment, deleteAtMs);
        LOGGER.atInfo()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("segment", segment)
                .log("segment removed by retention");
    }

    /** The segment's file, already under the name of a deleted one, goes at {@code deleteAtMs}. */
    void deleteLater(Segment segment, long deleteAtMs) {
        removed.add(new Removed(segment, deleteAtMs));
    }

    void deleteFiles(long nowMs) {
        for (Removed due :
                removed.stream().filter(next -> next.deleteAtMs <= nowMs).toList()) {
            // Retention and the cleaner may both be at it.
            if (removed.remove(due)) {
                delete(due.segment);
            }
        }
    }

    private static void delete(Segment segment) {
        try {
            segment.deleteFiles();
        } catch (IOException e) {
            LOGGER.atWarn()
                    .setCause(e)
                    .addKeyValue("segment", segment)
                    .log("file of a removed segment not deleted, the next start will");
        }
    }
}
