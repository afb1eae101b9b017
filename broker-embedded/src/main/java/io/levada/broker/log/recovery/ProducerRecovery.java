/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.CorruptIndexException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.producers.ProducerEntry;
import io.levada.broker.log.producers.ProducerSnapshot;
import io.levada.broker.log.producers.ProducerStates;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.Segments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords.LogOffsetPosition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds what a partition knows of its producers and their transactions: from the newest snapshot that can be read, then from the batches after it.
 * On the way it fills the transaction indexes of the segments that are recovered. Older snapshots stay only where a segment begins.
 */
final class ProducerRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerRecovery.class);

    private final Path folder;
    private final TopicPartition partition;
    private final Segments segments;
    private final FolderFiles present;
    private final long nowMs;
    private @Nullable List<Long> snapshots;
    private ProducerStates producers;
    /** What {@link #producers} is right as of; nothing was restored yet while it is empty. */
    private OptionalLong reached = OptionalLong.empty();
    /** The snapshot that {@link #producers} began from. */
    private OptionalLong restored = OptionalLong.empty();

    ProducerRecovery(Path folder, TopicPartition partition, Segments segments, FolderFiles present, long nowMs) {
        this.folder = folder;
        this.present = present;
        this.partition = partition;
        this.segments = segments;
        this.nowMs = nowMs;
        this.producers = new ProducerStates(partition);
    }

    /** Fills the transaction index of a segment whose indexes are being rebuilt; all earlier segments are there, and no later ones. */
    void reindex(Segment segment) throws IOException {
        if (segment.sizeInBytes() > 0) {
            advanceTo(segment.baseOffset());
            replay(segment, segment.baseOffset(), true);
        }
    }

    ProducerStates run(long logEndOffset) throws IOException {
        advanceTo(logEndOffset);
        boolean newer = true;
        for (long offset : List.copyOf(snapshotsNewestFirst())) {
            if (offset > logEndOffset || !(newer || segments.beginAt(offset))) {
                removeSnapshot(offset);
            } else {
                newer = false;
            }
        }
        return producers;
    }

    /** The log begins empty at this offset: what producers wrote before is gone, transactions included. */
    void beginAnew(long offset) throws IOException {
        for (long snapshot : List.copyOf(snapshotsNewestFirst())) {
            removeSnapshot(snapshot);
        }
        producers = new ProducerStates(partition);
        reached = OptionalLong.of(offset);
        restored = OptionalLong.empty();
    }

    /** Whether the producers are those of the snapshot at this offset, so that it need not be written again. */
    boolean restoredAt(long offset) {
        return restored.isPresent() && restored.getAsLong() == offset;
    }

    /** Makes the producers those at {@code offset}, which is where a segment begins or the log ends. */
    private void advanceTo(long offset) throws IOException {
        if (reached.isEmpty() || reached.getAsLong() > offset) {
            restoreAtOrBefore(offset);
        }
        for (Segment segment : segments.all()) {
            Segment next = segments.after(segment);
            boolean isAhead = next == null || next.baseOffset() > reached.orElse(0);
            if (isAhead && segment.baseOffset() < offset) {
                replay(segment, reached.orElse(0), false);
            }
        }
        reached = OptionalLong.of(offset);
    }

    private void restoreAtOrBefore(long end) throws IOException {
        producers = new ProducerStates(partition);
        reached = OptionalLong.empty();
        restored = OptionalLong.empty();
        for (long offset : List.copyOf(snapshotsNewestFirst())) {
            if (offset <= end && restore(offset)) {
                reached = OptionalLong.of(offset);
                restored = reached;
                return;
            }
        }
    }

    private List<Long> snapshotsNewestFirst() throws IOException {
        List<Long> known = snapshots;
        if (known == null) {
            known = present.offsets(LogFileNames.SNAPSHOT);
            known.sort(Comparator.reverseOrder());
            snapshots = known;
        }
        return known;
    }

    private void removeSnapshot(long offset) throws IOException {
        Files.deleteIfExists(
                LogFileNames.file(folder, offset, LogFileNames.SNAPSHOT)); // a segment may have taken it along
        snapshotsNewestFirst().remove((Long) offset);
    }

    private boolean restore(long offset) throws IOException {
        Path file = LogFileNames.file(folder, offset, LogFileNames.SNAPSHOT);
        try {
            for (ProducerEntry entry : ProducerSnapshot.read(file)) {
                producers.restore(entry, positionOf(entry.openTransactionOffset()));
            }
            return true;
        } catch (CorruptIndexException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("producer snapshot removed, the log tells the same");
            removeSnapshot(offset);
            return false;
        }
    }

    /** Where a transaction begins; what was deleted of it is read by nobody, so any place does. */
    private LogPosition positionOf(long offset) {
        Segment segment = segments.holding(offset);
        LogOffsetPosition found = segment == null ? null : segment.find(offset);
        return segment == null || found == null
                ? new LogPosition(offset, offset, 0)
                : new LogPosition(offset, segment.baseOffset(), found.position);
    }

    private void replay(Segment segment, long fromOffset, boolean index) throws IOException {
        LogOffsetPosition start = segment.find(fromOffset);
        if (start != null) {
            segment.file().reading(records -> replay(records.batchesFrom(start.position), segment, index));
        }
    }

    private boolean replay(Iterable<FileChannelRecordBatch> batches, Segment segment, boolean index) {
        for (FileChannelRecordBatch batch : batches) {
            LogPosition position = new LogPosition(batch.baseOffset(), segment.baseOffset(), batch.position());
            producers.written(batch, position, nowMs).ifPresent(aborted -> {
                if (index) {
                    segment.transactions().append(aborted);
                }
            });
            reached = OptionalLong.of(batch.nextOffset());
        }
        return true;
    }
}
