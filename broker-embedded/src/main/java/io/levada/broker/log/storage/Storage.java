/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import io.levada.broker.log.directory.CleanShutdownMarker;
import io.levada.broker.log.directory.DirectoryLock;
import io.levada.broker.log.directory.MetaProperties;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.recovery.LogRecovery;
import io.levada.broker.log.recovery.OffsetGaps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * The files of a data directory for who looks at them, or mends them, while no broker runs. Looking is possible while one does: what it is just writing is
 * not taken for damage then. Blocks; for one thread.
 */
public final class Storage implements AutoCloseable {
    /** A broker that makes, replaces and removes segments faster than they are read is not waited for. */
    private static final int LOOKS_MAX = 20;

    private final Path directory;
    private final @Nullable DirectoryLock held;
    private final boolean isLive;
    private final boolean isClean;
    private final Optional<Map<TopicPartition, Long>> recoveryPoints;
    private final Map<TopicPartition, Long> logStarts;
    private final Map<TopicPartition, Long> compacted;
    private final boolean anyGap;

    private Storage(Path directory, @Nullable DirectoryLock held) throws IOException {
        this.directory = directory;
        this.held = held;
        this.isLive = held == null && DirectoryLock.isTaken(directory);
        this.isClean = new CleanShutdownMarker(directory).isThere();
        this.recoveryPoints = new OffsetCheckpoint(directory, OffsetCheckpoint.RECOVERY_POINT).read();
        this.logStarts = new OffsetCheckpoint(directory, OffsetCheckpoint.LOG_START)
                .read()
                .orElse(Map.of());
        Optional<Map<TopicPartition, Long>> compactedTo =
                new OffsetCheckpoint(directory, OffsetCheckpoint.COMPACTED).read();
        this.compacted = compactedTo.orElse(Map.of());
        this.anyGap = compactedTo.isEmpty() && Files.exists(directory.resolve(OffsetCheckpoint.COMPACTED));
    }

    /**
     * Looks at a data directory; nothing in it is changed.
     *
     * @throws LogDirectoryException when it is none
     */
    public static Storage of(Path directory) throws IOException {
        return new Storage(dataDirectory(directory), null);
    }

    /**
     * As {@link #of}, and no broker can use the directory until this is closed: what is repaired is what was looked at.
     *
     * @throws LogDirectoryException when it is none, or a broker uses it
     */
    public static Storage exclusively(Path directory) throws IOException {
        Path absolute = dataDirectory(directory);
        DirectoryLock lock = DirectoryLock.take(absolute);
        try {
            return new Storage(absolute, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Path dataDirectory(Path directory) throws AccessDeniedException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (Files.notExists(absolute)) {
            throw new LogDirectoryException("there is no " + absolute);
        }
        if (!Files.isReadable(absolute) || !Files.isExecutable(absolute)) {
            throw new AccessDeniedException(absolute.toString());
        }
        if (!Files.isRegularFile(absolute.resolve(MetaProperties.FILE))) {
            throw new LogDirectoryException(absolute + " is no data directory: it has no " + MetaProperties.FILE);
        }
        return absolute;
    }

    /** What a start would refuse the directory itself for, whatever is in its partitions; empty where that is nothing. */
    public Optional<String> refusal() throws IOException {
        try {
            MetaProperties unused = MetaProperties.read(directory.resolve(MetaProperties.FILE));
            return Optional.empty();
        } catch (LogDirectoryException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Lets others use the directory, where that was not so. */
    @Override
    public void close() throws IOException {
        if (held != null) {
            held.close();
        }
    }

    /** Whether a broker uses the directory. */
    public boolean isLive() {
        return isLive;
    }

    /** The partitions whose folders are there, in the order of topic and number. */
    public List<TopicPartition> partitions(Predicate<TopicPartition> wanted) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory)
                    .map(LogFileNames::partition)
                    .flatMap(Optional::stream)
                    .filter(wanted)
                    .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
                    .toList();
        }
    }

    /** {@link #verify(TopicPartition, Uuid, boolean)} where the id of the topic is not known. */
    public PartitionReport verify(TopicPartition partition, boolean mayJump) throws IOException {
        return verify(partition, Uuid.ZERO_UUID, mayJump);
    }

    /**
     * Reads every byte of a partition. A file that cannot be read is a problem of the partition like any other. Of what a running broker removed
     * meanwhile nothing is told, up to the whole partition.
     *
     * @param topicId of the partition's topic, so that a repair can note it where that is needed; zero if it is not known
     * @param mayJump whether its topic is, or may have been, compacted, so that offsets may jump anywhere
     */
    public PartitionReport verify(TopicPartition partition, Uuid topicId, boolean mayJump) {
        for (int look = 1; ; look++) {
            FolderState before = FolderState.of(folder(partition));
            PartitionReport report = look(partition, topicId, mayJump);
            boolean mayBeOfTwoMoments =
                    isLive && !report.problems().isEmpty() && !before.equals(FolderState.of(folder(partition)));
            if (!mayBeOfTwoMoments || look == LOOKS_MAX) {
                return report;
            }
        }
    }

    private PartitionReport look(TopicPartition partition, Uuid topicId, boolean mayJump) {
        try {
            return check(partition, topicId, mayJump).run();
        } catch (IOException | UncheckedIOException e) { // a folder that cannot be listed to its end throws the latter
            if (isLive && Files.notExists(folder(partition))) {
                return new PartitionReport(partition, topicId, 0, 0, 0, 0, List.of());
            }
            StorageProblem problem = new StorageProblem(
                    partition, StorageProblem.Kind.UNUSABLE, folder(partition), 0, -1, 0, "cannot be read: " + e);
            return new PartitionReport(partition, topicId, 0, 0, 0, 0, List.of(problem));
        }
    }

    private PartitionCheck check(TopicPartition partition, Uuid topicId, boolean mayJump) throws IOException {
        Path folder = folder(partition);
        OffsetGaps gaps =
                anyGap || mayJump ? OffsetGaps.ANY : OffsetGaps.of(folder, compacted.getOrDefault(partition, 0L));
        // While a broker runs its checkpoints and its files are not of one moment.
        long recoveryPoint = isLive ? -1 : recoveryPoint(partition);
        LogRecovery.Start start =
                new LogRecovery.Start(isClean, recoveryPoint, logStarts.getOrDefault(partition, 0L), gaps);
        return new PartitionCheck(folder, partition, topicId, start, isLive);
    }

    private long recoveryPoint(TopicPartition partition) {
        return recoveryPoints.map(points -> points.getOrDefault(partition, 0L)).orElse(-1L);
    }

    private Path folder(TopicPartition partition) {
        return directory.resolve(partition.toString());
    }

    /** The log files of a partition, oldest first. */
    public List<Path> logFiles(TopicPartition partition) throws IOException {
        List<Path> files = new ArrayList<>();
        for (long base : LogFileNames.baseOffsets(folder(partition))) {
            files.add(LogFileNames.file(folder(partition), base, LogFileNames.LOG));
        }
        return files;
    }

    /** Shows the batches of a log file, and what is damaged between them. */
    public static void dump(Path logFile, Consumer<WalkedBatch> batches, Consumer<StorageProblem> damages)
            throws IOException {
        TopicPartition none = new TopicPartition("", 0);
        try (FileChannel channel = FileChannel.open(logFile, StandardOpenOption.READ)) {
            BatchWalk.over(
                    channel,
                    LogFileNames.offset(logFile, LogFileNames.LOG).orElse(0),
                    Long.MAX_VALUE,
                    new BatchWalk.Visitor() {
                        @Override
                        public void batch(WalkedBatch batch) {
                            batches.accept(batch);
                        }

                        @Override
                        public void damage(long position, long bytes, long nextOffset, String what) {
                            damages.accept(new StorageProblem(
                                    none, StorageProblem.Kind.DAMAGE, logFile, position, nextOffset, bytes, what));
                        }

                        @Override
                        public void tooOld(long position, int magic) {
                            damages.accept(new StorageProblem(
                                    none, StorageProblem.Kind.UNUSABLE, logFile, position, -1, 0, "format " + magic));
                        }
                    });
        }
    }

    /** The records of one batch; a runtime exception when they cannot be decompressed or parsed, although the checksum is right. */
    public static void records(Path logFile, WalkedBatch batch, Consumer<Record> records) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(batch.bytes());
        try (FileChannel channel = FileChannel.open(logFile, StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && channel.read(bytes, batch.position() + bytes.position()) >= 0) {
                // until the batch is read
            }
        }
        MemoryRecords.readableRecords(bytes.flip()).records().forEach(records);
    }

    /** What a repair of a partition would do, in words; empty when nothing is to be done. */
    public List<String> plan(PartitionReport report) {
        return repairOf(report).plan();
    }

    private PartitionRepair repairOf(PartitionReport report) {
        TopicPartition partition = report.partition();
        long forcedTo = recoveryPoint(partition);
        boolean isGone = !Files.exists(folder(partition));
        // Of a folder that is gone the offsets that were deleted tell too how far it was written.
        return new PartitionRepair(
                folder(partition),
                report,
                isGone && logStarts.containsKey(partition) ? Math.max(forcedTo, logStarts.get(partition)) : forcedTo);
    }

    /**
     * Repairs partitions while nobody else can use the directory. What is {@link StorageProblem.Kind#UNUSABLE} stays as it is.
     *
     * @throws LogDirectoryException when a broker uses it
     */
    public void repair(List<PartitionReport> reports) throws IOException {
        if (held != null) {
            repairAlone(reports);
            return;
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        try (lock) {
            repairAlone(reports);
        }
    }

    private void repairAlone(List<PartitionReport> reports) throws IOException {
        Map<TopicPartition, Long> points = new HashMap<>(recoveryPoints.orElse(Map.of()));
        for (TopicPartition other : partitions(partition -> true)) {
            points.putIfAbsent(other, recoveryPoint(other)); // what nobody knew stays so
        }
        for (PartitionReport report :
                reports.stream().filter(PartitionReport::isRepairable).toList()) {
            TopicPartition partition = report.partition();
            points.put(partition, repairOf(report).apply());
        }
        new OffsetCheckpoint(directory, OffsetCheckpoint.RECOVERY_POINT).write(points);
        if (isClean) {
            dropWrongStarts(points);
        }
        // Indexes and ends have changed, a start must not believe that nothing has.
        new CleanShutdownMarker(directory).take();
    }

    /** After a clean stop a start ignores a log start that is past the log; without the marker it would believe it. */
    private void dropWrongStarts(Map<TopicPartition, Long> points) throws IOException {
        Map<TopicPartition, Long> right = new HashMap<>(logStarts);
        recoveryPoints.orElse(Map.of()).forEach((partition, forcedTo) -> {
            if (forcedTo >= 0
                    && logStarts.getOrDefault(partition, 0L) > Math.max(forcedTo, points.getOrDefault(partition, 0L))) {
                right.remove(partition);
            }
        });
        if (right.size() < logStarts.size()) {
            new OffsetCheckpoint(directory, OffsetCheckpoint.LOG_START).write(right);
        }
    }
}
