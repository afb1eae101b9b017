/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a partition's folder back to a state that appends can go on from. Runs once per partition at start, on a recovery thread,
 * before anyone else sees the partition.
 *
 * <p>After a clean stop files are taken as they are. Otherwise every segment that reaches past the recovery point is verified batch by
 * batch and cut at the first damage, and what follows in later segments is removed, as nothing may follow a gap.
 */
final class LogRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);

    private final Path folder;
    private final TopicPartition partition;
    private final LogConfig config;
    private final LogFiles files;
    private final long nowMs;
    private final Start start;
    private final Segments segments = new Segments();
    private final ProducerRecovery producers;

    private SegmentScan.Result last;
    private boolean cut;

    /**
     * What the directory knows of the partition.
     *
     * @param clean whether the directory was closed in order
     * @param recoveryPoint below this offset everything was forced
     * @param logStartOffset below this offset records were deleted
     */
    record Start(boolean clean, long recoveryPoint, long logStartOffset) {
        static final Start EMPTY = new Start(true, 0, 0);
    }

    /** A partition ready for use; everything in it is on disk. */
    record Recovered(
            Segments segments, ProducerStates producers, LeaderEpochs epochs, LogPosition end, long logStartOffset) {}

    LogRecovery(Path folder, TopicPartition partition, LogConfig config, LogFiles files, long nowMs, Start start) {
        this.folder = folder;
        this.partition = partition;
        this.config = config;
        this.files = files;
        this.nowMs = nowMs;
        this.start = start;
        this.producers = new ProducerRecovery(folder, partition, segments, nowMs);
        this.last = SegmentScan.Result.empty(start.logStartOffset);
    }

    Recovered run() throws IOException {
        new FolderSweep(folder).run();
        loadSegments();
        if (segments.isEmpty() || last.end().offset() < start.logStartOffset) {
            beginAnew();
            files.forceFolder(folder);
        } else if (!start.clean && segments.active().baseOffset() >= Math.max(1, start.recoveryPoint)) {
            // It was begun by a process that may have been killed before it forced the name.
            files.forceFolder(folder);
        }
        LogPosition end = last.end();
        long logStartOffset = Math.max(start.logStartOffset, segments.first().baseOffset());
        LeaderEpochs epochs = LeaderEpochs.open(folder, last.leaderEpoch(), logStartOffset);
        if (cut) {
            epochs.cutAt(end.offset());
        }
        return new Recovered(segments, producers.run(end.offset()), epochs, end, logStartOffset);
    }

    private void loadSegments() throws IOException {
        List<Long> bases = baseOffsets();
        for (int i = 0; i < bases.size(); i++) {
            boolean isLast = i == bases.size() - 1;
            if (cut) {
                remove(bases.get(i));
            } else if (!start.clean && (isLast || bases.get(i + 1) > start.recoveryPoint)) {
                verify(bases.get(i), isLast ? OptionalLong.empty() : OptionalLong.of(bases.get(i + 1)));
            } else {
                trust(bases.get(i), isLast);
            }
        }
    }

    private List<Long> baseOffsets() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> LogFileNames.offset(file, LogFileNames.LOG))
                    .filter(OptionalLong::isPresent)
                    .map(OptionalLong::getAsLong)
                    .sorted()
                    .toList();
        }
    }

    private void verify(long baseOffset, OptionalLong nextBaseOffset) throws IOException {
        boolean isLast = nextBaseOffset.isEmpty();
        boolean wasSealed = Files.exists(LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX));
        Segment segment = Segment.unindexed(folder, baseOffset, config.segment(), writtenMs(baseOffset));
        last = SegmentScan.verify(segment, isLast);
        if (last.damage().isPresent()) {
            cut(segment, last.damage().get());
        } else if (!isLast && !wasSealed && last.end().offset() != nextBaseOffset.getAsLong()) {
            // Only compaction may leave a gap, and only in segments that were sealed: here a power cut took whole
            // batches.
            cut(segment, "the next segment begins at offset " + nextBaseOffset.getAsLong());
        }
        files.force(segment.records());
        producers.reindex(segment);
        segments.add(segment);
        if (!isLast) {
            segment.seal(files);
        }
        if (!isLast && cut) {
            beginAfter(segment);
        }
    }

    /** Only segments that nobody has compacted take appends, so that the last one never has a gap. */
    private void beginAfter(Segment segment) throws IOException {
        if (segment.sizeInBytes() > 0) {
            long next = last.end().offset();
            segments.add(Segment.create(folder, next, config.segment(), nowMs));
            last = SegmentScan.Result.empty(next);
        }
    }

    /** The age of a segment whose records carry no time. */
    private long writtenMs(long baseOffset) throws IOException {
        return Files.getLastModifiedTime(LogFileNames.file(folder, baseOffset, LogFileNames.LOG))
                .toMillis();
    }

    private void cut(Segment segment, String reason) throws IOException {
        int bytes = segment.sizeInBytes() - last.end().position();
        segment.records().truncateTo(last.end().position());
        cut = true;
        LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("segment", segment)
                .addKeyValue("offset", last.end().offset())
                .addKeyValue("bytes", bytes)
                .addKeyValue("error", reason)
                .log("log cut at the last whole batch");
    }

    private void remove(long baseOffset) throws IOException {
        Path file = LogFileNames.file(folder, baseOffset, LogFileNames.LOG);
        LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("segment", file)
                .addKeyValue("offset", baseOffset)
                .addKeyValue("bytes", Files.size(file))
                .log("segment removed, it follows a cut");
        Files.delete(file);
        for (String suffix : LogFileNames.INDEXES) {
            Files.deleteIfExists(LogFileNames.file(folder, baseOffset, suffix));
        }
    }

    private void trust(long baseOffset, boolean isLast) throws IOException {
        Segment segment = openIndexed(baseOffset, isLast);
        if (isLast) {
            last = segment.readTail();
            if (last.damage().isPresent()) {
                segment.close();
                verify(baseOffset, OptionalLong.empty());
                return;
            }
        }
        segments.add(segment);
    }

    private Segment openIndexed(long baseOffset, boolean isLast) throws IOException {
        try {
            return Segment.indexed(folder, baseOffset, config.segment(), writtenMs(baseOffset));
        } catch (CorruptIndexException | NoSuchFileException e) {
            return reindex(baseOffset, isLast, e);
        }
    }

    private Segment reindex(long baseOffset, boolean isLast, IOException cause) throws IOException {
        Segment segment = Segment.unindexed(folder, baseOffset, config.segment(), writtenMs(baseOffset));
        SegmentScan.Result scanned = SegmentScan.index(segment);
        if (segment.sizeInBytes() > 0) { // a partition that was just created has nothing to index, and no index yet
            LOGGER.atWarn()
                    .addKeyValue("segment", segment)
                    .addKeyValue("error", cause.getMessage())
                    .addKeyValue("damage", scanned.damage().orElse("none"))
                    .log("indexes rebuilt");
        }
        producers.reindex(segment);
        if (!isLast) {
            segment.seal(files);
        }
        return segment;
    }

    /** No segment, or all of it was deleted by offset and lost by power cut: offsets go on where nobody has read. */
    private void beginAnew() throws IOException {
        for (Segment segment : List.copyOf(segments.all())) {
            segments.remove(segment);
            segment.markDeleted();
            segment.deleteFiles();
        }
        segments.add(Segment.create(folder, start.logStartOffset, config.segment(), nowMs));
        producers.beginAnew(start.logStartOffset);
        last = SegmentScan.Result.empty(start.logStartOffset);
    }
}
