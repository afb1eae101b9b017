/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import io.levada.broker.log.directory.FolderRemoval;
import io.levada.broker.log.files.AsideFile;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.PartitionMetadata;
import io.levada.broker.log.recovery.LeaderEpochs;
import io.levada.broker.log.recovery.OffsetGaps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Takes out of a partition's log files what is no batch any more, and no more than that: whole batches stay, at their offsets. What is taken out is kept
 * beside in a {@code .damaged} file. Offsets that nobody can have any more are noted, so that starts do not miss them, and are given to no other record.
 *
 * <p>A crash in between leaves each file as it was or repaired; the repair is then run again.
 */
final class PartitionRepair {
    private static final String DAMAGED = ".damaged";
    private static final String DRAFT = ".repairing";
    /** 2026 began in this minute since 1970: no clock that is right is behind it. */
    private static final int MINUTES_MIN = 29_453_760;

    private final Path folder;
    private final PartitionReport report;
    private final long forcedTo;

    /** @param forcedTo below this offset records had been forced, and may have been read: new ones begin after it */
    PartitionRepair(Path folder, PartitionReport report, long forcedTo) {
        this.folder = folder;
        this.report = report;
        this.forcedTo = forcedTo;
    }

    /** What {@link #apply} would do, in words. */
    List<String> plan() {
        List<String> steps = new ArrayList<>();
        for (StorageProblem problem : report.problems()) {
            switch (problem.kind()) {
                case DAMAGE ->
                    steps.add("take " + problem.bytes() + " bytes at position " + problem.position() + " out of "
                            + problem.file() + " and keep them in " + aside(problem));
                case MISSING ->
                    steps.add("note that no record is expected from offset " + problem.offset() + " on: "
                            + problem.what());
                case NO_FOLDER ->
                    steps.add("make " + problem.file() + " anew, without records, to go on at offset " + nextOffset()
                            + (forcedTo < 0 ? ", as nothing tells how far it was written" : "")
                            + "; if there is a copy of the folder, put that in its place instead");
                case NO_TOPIC_ID -> steps.add("write " + problem.file() + " with the topic's id " + report.topicId());
                case UNUSABLE -> steps.add("nothing: " + problem.file() + " cannot be repaired, " + problem.what());
                case REBUILT -> {
                    // The next start sees to it.
                }
            }
        }
        if (needsNewSegment()) {
            steps.add("begin a segment at offset " + nextOffset() + ", so that no offset is given out twice");
        }
        return steps;
    }

    /**
     * Does it.
     *
     * @return the recovery point that holds from now on
     */
    long apply() throws IOException {
        if (has(StorageProblem.Kind.NO_FOLDER)) {
            makeFolder();
            return nextOffset();
        }
        if (has(StorageProblem.Kind.NO_TOPIC_ID)) {
            PartitionMetadata.write(folder, report.topicId());
        }
        Map<Path, List<StorageProblem>> byFile = new TreeMap<>();
        report.problems().stream()
                .filter(problem -> problem.kind() == StorageProblem.Kind.DAMAGE)
                .forEach(problem -> byFile.computeIfAbsent(problem.file(), file -> new ArrayList<>())
                        .add(problem));
        noteGaps();
        if (needsNewSegment()) {
            Path fresh = LogFileNames.file(folder, nextOffset(), LogFileNames.LOG);
            if (!Files.exists(fresh)) {
                Files.createFile(fresh);
            }
            LogFiles.SYSTEM.forceFolder(folder);
        }
        for (var each : byFile.entrySet()) {
            rewrite(each.getKey(), each.getValue());
        }
        return needsNewSegment() ? nextOffset() : forcedTo;
    }

    private boolean has(StorageProblem.Kind kind) {
        return report.problems().stream().anyMatch(problem -> problem.kind() == kind);
    }

    /** Under another name until it is whole, as the broker makes them. */
    private void makeFolder() throws IOException {
        Path unfinished = folder.resolveSibling(report.partition() + LogFileNames.NEW_FOLDER);
        if (Files.exists(unfinished)) {
            FolderRemoval.remove(unfinished);
        }
        Files.createDirectory(unfinished);
        Files.createFile(LogFileNames.file(unfinished, nextOffset(), LogFileNames.LOG));
        PartitionMetadata.write(unfinished, report.topicId());
        LeaderEpochs.begin(unfinished, unseenEpoch(), nextOffset());
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        LogFiles.SYSTEM.forceFolder(folder.toAbsolutePath().resolveSibling(""));
    }

    /**
     * Larger than those that were: clients pass over what is told of an epoch below the one that they know. An epoch grows by one with each start that
     * cuts a log, so minutes since 1970 do.
     */
    private static int unseenEpoch() {
        return Math.max(
                MINUTES_MIN,
                Math.toIntExact(
                        TimeUnit.MILLISECONDS.toMinutes(InstantSource.system().millis())));
    }

    /** From each damage on up to the next whole batch, or up to the end, offsets may jump. */
    private void noteGaps() throws IOException {
        for (StorageProblem problem : report.problems()) {
            if (problem.isLoss()) {
                OffsetGaps.add(folder, problem.offset(), gapEnd(problem));
            }
        }
    }

    /** No further than need be: what is lost later must not pass for what a repair took out. */
    private long gapEnd(StorageProblem problem) throws IOException {
        long behind = problem.position() + problem.bytes();
        if (problem.isDamage() && problem.bytes() > 0 && behind < Files.size(problem.file())) {
            return baseOffsetAt(problem.file(), behind);
        }
        return LogFileNames.baseOffsets(folder).stream()
                .filter(base -> base > problem.offset())
                .findFirst()
                .orElseGet(this::nextOffset);
    }

    /** Of the whole batch that begins there. */
    private static long baseOffsetAt(Path log, long position) throws IOException {
        ByteBuffer offset = ByteBuffer.allocate(Long.BYTES);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            while (offset.hasRemaining() && channel.read(offset, position + offset.position()) >= 0) {
                // until it is read
            }
        }
        return offset.flip().getLong();
    }

    /** Appends may only follow a segment without a gap, and never at an offset that was given out before. */
    private boolean needsNewSegment() {
        return report.problems().stream().anyMatch(StorageProblem::isLoss);
    }

    private long nextOffset() {
        return Math.max(report.endOffset(), forcedTo);
    }

    private static Path aside(StorageProblem problem) {
        return AsideFile.of(problem.file(), "." + problem.position() + DAMAGED);
    }

    private void rewrite(Path log, List<StorageProblem> damages) throws IOException {
        Path draft = log.resolveSibling(log.getFileName() + DRAFT);
        try (FileChannel from = FileChannel.open(log, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            long at = 0;
            for (StorageProblem damage : damages) {
                copy(from, at, damage.position(), to);
                keep(from, damage);
                at = damage.position() + damage.bytes();
            }
            copy(from, at, from.size(), to);
            to.force(true);
        }
        // Positions change: without indexes a start makes new ones.
        long base = LogFileNames.offset(log, LogFileNames.LOG).orElseThrow();
        for (String suffix : LogFileNames.INDEXES) {
            Files.deleteIfExists(LogFileNames.file(folder, base, suffix));
        }
        LogFiles.SYSTEM.forceFolder(folder);
        Files.move(draft, log, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LogFiles.SYSTEM.forceFolder(folder);
    }

    private static void keep(FileChannel from, StorageProblem damage) throws IOException {
        try (FileChannel aside = FileChannel.open(
                aside(damage),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            copy(from, damage.position(), damage.position() + damage.bytes(), aside);
            aside.force(true);
        }
    }

    private static void copy(FileChannel from, long start, long end, FileChannel to) throws IOException {
        for (long at = start; at < end; ) {
            long copied = from.transferTo(at, end - at, to);
            if (copied <= 0) {
                throw new IOException("the file ended at " + at + " while it was copied up to " + end);
            }
            at += copied;
        }
    }
}
