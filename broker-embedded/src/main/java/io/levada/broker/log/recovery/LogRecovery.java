/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.CorruptIndexException;
import io.levada.broker.log.files.LogFile;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.producers.ProducerStates;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.SegmentScan;
import io.levada.broker.log.segment.Segments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Brings a partition's folder back to a state that appends can go on from. Runs once per partition at start, on a recovery thread,
 * before anyone else sees the partition.
 *
 * <p>What lies below the recovery point was forced and may have been acknowledged: it is trusted, and where it proves wrong nothing is touched and the
 * partition stays closed ({@link DamagedLogException}). Past it, after anything but a clean stop, every segment is verified batch by batch and cut at the
 * first damage. Nothing acknowledged should be there; still, bytes that hold whole batches are put aside and not removed ({@link TornTail}).
 */
public final class LogRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);

    private final Path folder;
    private final LogConfig config;
    private final LogFiles files;
    private final OpenFiles open;
    private final FolderFiles present;
    private final TopicPartition partition;
    private final long nowMs;
    private final Segments segments = new Segments();
    private final TornTail tail;
    private final ProducerRecovery producers;

    private Start start;
    private SegmentScan.Result last;
    private boolean cut;

    /**
     * What the directory knows of the partition.
     *
     * @param clean whether the directory was closed in order
     * @param recoveryPoint below this offset everything was forced; -1 where the checkpoint is lost, so that nobody knows
     * @param logStartOffset below this offset records were deleted, at least 0
     * @param gaps where offsets may jump between segments
     */
    public record Start(boolean clean, long recoveryPoint, long logStartOffset, OffsetGaps gaps) {
        public static final Start EMPTY = new Start(true, 0, 0);

        public Start(boolean clean, long recoveryPoint, long logStartOffset) {
            this(clean, recoveryPoint, logStartOffset, OffsetGaps.ANY);
        }

        /** Whether damage at this place may be what a crash left of a write that nobody had been told of. */
        boolean mayBeTorn(long offset, boolean isLastSegment) {
            return !clean && offset >= recoveryPoint && (isLastSegment || recoveryPoint >= 0);
        }

        /** Whether everything that was ever forced has been deleted by offset. */
        public boolean allDeleted() {
            return logStartOffset >= recoveryPoint;
        }

        /** Whether the log start is none of this log, which ends at {@code end}: a clean stop forces a log at least as far as it may be deleted. */
        public boolean isWrongStart(long end) {
            return clean && logStartOffset > Math.max(end, recoveryPoint);
        }

        private Start withoutLogStart() {
            return new Start(clean, recoveryPoint, 0, gaps);
        }
    }

    /**
     * A partition ready for use; everything in it is on disk.
     *
     * @param snapshotAtEnd whether a snapshot of these producers is there
     */
    public record Recovered(
            Segments segments,
            ProducerStates producers,
            LeaderEpochs epochs,
            LogPosition end,
            long logStartOffset,
            boolean snapshotAtEnd) {}

    public LogRecovery(
            Path folder, TopicPartition partition, LogConfig config, OpenFiles open, long nowMs, Start start) {
        this.folder = folder;
        this.partition = partition;
        this.config = config;
        this.files = open.files();
        this.open = open;
        this.present = new FolderFiles(folder);
        this.nowMs = nowMs;
        this.start = start;
        this.tail = new TornTail(folder, partition);
        this.producers = new ProducerRecovery(folder, partition, segments, present, nowMs);
        this.last = SegmentScan.Result.empty(start.logStartOffset);
    }

    /**
     * Does it.
     *
     * @throws DamagedLogException when what was forced is damaged; no record was touched then
     */
    public Recovered run() throws IOException {
        try {
            return recover();
        } catch (IOException | RuntimeException e) {
            closeAll(e);
            throw e;
        }
    }

    private Recovered recover() throws IOException {
        new FolderSweep(folder, files, present).run();
        loadSegments();
        dropWrongStart();
        requireWhatWasForced();
        if (segments.isEmpty() || last.end().offset() < start.logStartOffset) {
            beginAnew();
            files.forceFolder(folder);
        } else if (cut || (!start.clean && segments.active().baseOffset() >= Math.max(1, start.recoveryPoint))) {
            // It was begun by a process that may have been killed before it forced the name.
            files.forceFolder(folder);
        }
        LogPosition end = last.end();
        long logStartOffset = Math.max(start.logStartOffset, segments.first().baseOffset());
        LeaderEpochs epochs =
                LeaderEpochs.open(folder, present.has(LeaderEpochs.FILE), last.leaderEpoch(), logStartOffset);
        if (cut) {
            epochs.cutAt(end.offset());
        }
        ProducerStates states = producers.run(end.offset());
        return new Recovered(segments, states, epochs, end, logStartOffset, producers.restoredAt(end.offset()));
    }

    private void closeAll(Exception reason) {
        for (Segment segment : segments.all()) {
            try {
                segment.close();
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }

    private void loadSegments() throws IOException {
        List<Long> bases = present.offsets(LogFileNames.LOG);
        for (int i = 0; i < bases.size(); i++) {
            OptionalLong next = i == bases.size() - 1 ? OptionalLong.empty() : OptionalLong.of(bases.get(i + 1));
            if (cut) {
                tail.putAside(bases.get(i), "segment put aside, it follows a cut");
            } else if (!start.clean && (next.isEmpty() || next.getAsLong() > start.recoveryPoint)) {
                verify(bases.get(i), next);
            } else {
                trust(bases.get(i), next);
            }
        }
    }

    /** Records that it would make unreadable were never deleted. */
    private void dropWrongStart() {
        long end = segments.isEmpty() ? 0 : last.end().offset();
        if (start.isWrongStart(end)) {
            warning(end).log("log start ignored, it is past the end of a log that was closed in order");
            start = start.withoutLogStart();
            if (segments.isEmpty()) {
                last = SegmentScan.Result.empty(0);
            }
        }
    }

    private LoggingEventBuilder warning(long end) {
        return LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("logStartOffset", start.logStartOffset)
                .addKeyValue("logEndOffset", end);
    }

    /** A file that was cut short by something else than this broker, or is gone, shows by where the log ends. */
    private void requireWhatWasForced() throws DamagedLogException {
        if (last.end().offset() < start.recoveryPoint && !start.allDeleted()) {
            throw new DamagedLogException(
                    folder,
                    "it ends at offset " + last.end().offset() + ", and everything below " + start.recoveryPoint
                            + " had been forced to disk");
        }
    }

    private void verify(long baseOffset, OptionalLong nextBaseOffset) throws IOException {
        boolean isLast = nextBaseOffset.isEmpty();
        Segment segment = unindexed(baseOffset, found(baseOffset));
        segments.add(segment);
        last = SegmentScan.verify(segment, isLast);
        Optional<String> damage = last.damage();
        if (damage.isEmpty() && !isLast && !start.gaps.allow(last.end().offset(), nextBaseOffset.getAsLong())) {
            // Only compaction may leave a gap: here a power cut took whole batches.
            damage = Optional.of("the next segment begins at offset " + nextBaseOffset.getAsLong());
        }
        if (damage.isPresent()) {
            if (!start.mayBeTorn(last.end().offset(), isLast)) {
                throw new DamagedLogException(fileOf(segment), last.end(), damage.get());
            }
            tail.cut(segment, last.end(), damage.get());
            cut = true;
        }
        segment.file().force();
        producers.reindex(segment);
        if (isLast || (cut && segment.sizeInBytes() == 0)) {
            return; // it takes the next appends, so its indexes stay open
        }
        segment.seal();
        if (cut) {
            beginAfterLast();
        }
    }

    /** Only segments that nobody has compacted take appends, so that the last one never has a gap. */
    private void beginAfterLast() throws IOException {
        long next = last.end().offset();
        segments.add(Segment.create(folder, next, config.segment(), nowMs, open));
        last = SegmentScan.Result.empty(next);
    }

    private static Path fileOf(Segment segment) {
        return segment.file().path();
    }

    /**
     * A log file as it lies there.
     *
     * @param writtenMs the age of a segment whose records carry no time
     */
    private record Found(LogFile file, long writtenMs) {}

    private Found found(long baseOffset) throws IOException {
        Path log = LogFileNames.file(folder, baseOffset, LogFileNames.LOG);
        BasicFileAttributes attributes = Files.readAttributes(log, BasicFileAttributes.class);
        return new Found(
                LogFile.existing(log, attributes, open),
                attributes.lastModifiedTime().toMillis());
    }

    private Segment unindexed(long baseOffset, Found found) {
        return Segment.unindexed(folder, baseOffset, found.file, config.segment(), found.writtenMs);
    }

    /** Takes a segment that was forced as it is. Its last batches are looked at: they tell where it ends, and whether that is where the next begins. */
    private void trust(long baseOffset, OptionalLong nextBaseOffset) throws IOException {
        Found found = found(baseOffset);
        Segment segment;
        try {
            segment = openIndexed(baseOffset, found, nextBaseOffset.isEmpty());
        } catch (IOException | RuntimeException e) {
            found.file.close();
            throw e;
        }
        segments.add(segment);
        last = segment.readTail(nextBaseOffset.isEmpty());
        if (last.damage().isPresent()) {
            throw new DamagedLogException(
                    fileOf(segment), last.end(), last.damage().get());
        }
        if (nextBaseOffset.isPresent() && !start.gaps.allow(last.end().offset(), nextBaseOffset.getAsLong())) {
            throw new DamagedLogException(
                    fileOf(segment),
                    last.end(),
                    "the next segment begins at offset " + nextBaseOffset.getAsLong()
                            + ", what lay between is missing");
        }
    }

    private Segment openIndexed(long baseOffset, Found found, boolean isLast) throws IOException {
        try {
            return Segment.indexed(folder, baseOffset, found.file, config.segment(), found.writtenMs);
        } catch (CorruptIndexException | NoSuchFileException e) {
            return reindex(baseOffset, found, isLast, e);
        }
    }

    private Segment reindex(long baseOffset, Found found, boolean isLast, IOException cause) throws IOException {
        Segment segment = unindexed(baseOffset, found);
        SegmentScan.Result scanned = SegmentScan.index(segment);
        if (scanned.damage().isPresent()) {
            throw new DamagedLogException(
                    fileOf(segment), scanned.end(), scanned.damage().get());
        }
        if (segment.sizeInBytes() > 0) { // a partition that was just created has nothing to index, and no index yet
            LOGGER.atWarn()
                    .addKeyValue("segment", segment)
                    .addKeyValue("error", cause.getMessage())
                    .log("indexes rebuilt");
        }
        producers.reindex(segment);
        if (!isLast) {
            segment.seal();
        }
        return segment;
    }

    /**
     * No segment, or one that ends before the log start: all was deleted by offset, and some of it lost by power cut. Offsets go on where nobody has read.
     * As that start may as well be wrong, what is there is put aside and not removed.
     */
    private void beginAnew() throws IOException {
        if (!segments.isEmpty()) {
            warning(last.end().offset()).log("log ends before its start, where it goes on; what is there is put aside");
        }
        for (Segment segment : List.copyOf(segments.all())) {
            segments.remove(segment);
            segment.close();
            tail.putAside(segment.baseOffset(), "segment put aside, it lies below the start of the log");
        }
        present.changed();
        segments.add(Segment.create(folder, start.logStartOffset, config.segment(), nowMs, open));
        producers.beginAnew(start.logStartOffset);
        last = SegmentScan.Result.empty(start.logStartOffset);
    }
}
