/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.PartitionMetadata;
import io.levada.broker.log.recovery.DamagedLogException;
import io.levada.broker.log.recovery.LogRecovery;
import io.levada.broker.log.recovery.OffsetGaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens every partition of a directory, several at once. One that cannot be opened is told and left as it is; the others open. */
public final class DirectoryRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(DirectoryRecovery.class);
    private static final Pattern DELETED = Pattern.compile(".+-[0-9]+\\.[0-9a-f]{32}" + LogFileNames.DELETED_FOLDER);

    private final Path directory;
    private final boolean clean;
    private final Parallel parallel;
    private final PartitionRecovery recovery;
    private final Optional<Map<TopicPartition, Long>> recoveryPoints;
    private final Map<TopicPartition, Long> logStarts;
    private final Optional<Map<TopicPartition, Long>> compacted;

    /** Opens one partition. */
    @FunctionalInterface
    interface PartitionRecovery {
        PartitionLog recover(Path folder, TopicPartition partition, LogConfig config, LogRecovery.Start start)
                throws IOException;
    }

    /** One of the two: a partition that serves, or why it does not. */
    record Opened(Optional<PartitionLog> log, Optional<OfflinePartition> offline) {}

    DirectoryRecovery(Path directory, boolean clean, Parallel parallel, PartitionRecovery recovery) throws IOException {
        this.directory = directory;
        this.clean = clean;
        this.parallel = parallel;
        this.recovery = recovery;
        this.recoveryPoints = new OffsetCheckpoint(directory, OffsetCheckpoint.RECOVERY_POINT).read();
        this.logStarts = new OffsetCheckpoint(directory, OffsetCheckpoint.LOG_START)
                .read()
                .orElse(Map.of());
        this.compacted = readCompacted();
    }

    /** Empty when the file is there and cannot be understood: then any partition may have been compacted up to anywhere. */
    private Optional<Map<TopicPartition, Long>> readCompacted() throws IOException {
        OffsetCheckpoint file = new OffsetCheckpoint(directory, OffsetCheckpoint.COMPACTED);
        return Files.exists(directory.resolve(OffsetCheckpoint.COMPACTED)) ? file.read() : Optional.of(Map.of());
    }

    /**
     * After a clean stop, takes the log starts that a start without its mark must not believe off the disk. Here those still count that fit the log: they are
     * noted again once it is open.
     */
    void dropWrongStarts() throws IOException {
        Map<TopicPartition, Long> right = new HashMap<>(logStarts);
        right.keySet().removeIf(partition -> !kept(partition).equals(known(partition)));
        if (right.size() < logStarts.size()) {
            new OffsetCheckpoint(directory, OffsetCheckpoint.LOG_START).write(right);
        }
    }

    List<Opened> run(LogDirectory.Settings settings) throws IOException {
        List<Callable<Opened>> opening = new ArrayList<>();
        for (Path folder : folders()) {
            if (isUnfinished(folder.getFileName().toString())) {
                FolderRemoval.remove(folder);
            } else {
                LogFileNames.partition(folder)
                        .ifPresent(partition -> opening.add(() -> open(folder, partition, settings)));
            }
        }
        return parallel.run(opening);
    }

    /** What the checkpoints say of partitions other than these. */
    Map<TopicPartition, OfflinePartition.Known> notedOfOthers(Collection<TopicPartition> present) {
        Map<TopicPartition, OfflinePartition.Known> others = new HashMap<>();
        Set<TopicPartition> noted = new HashSet<>(logStarts.keySet());
        noted.addAll(recoveryPoints.orElse(Map.of()).keySet());
        noted.removeAll(Set.copyOf(present));
        noted.forEach(partition -> others.put(partition, kept(partition)));
        return others;
    }

    private OfflinePartition.Known known(TopicPartition partition) {
        return new OfflinePartition.Known(
                recoveryPoints.map(points -> points.getOrDefault(partition, 0L)).orElse(-1L),
                logStarts.getOrDefault(partition, 0L));
    }

    /** What is to be kept of a partition that is not opened. */
    private OfflinePartition.Known kept(TopicPartition partition) {
        OfflinePartition.Known known = known(partition);
        return clean ? known.afterCleanStop() : known;
    }

    private Opened open(Path folder, TopicPartition partition, LogDirectory.Settings settings) {
        OfflinePartition.Known known = known(partition);
        try {
            LogConfig config = settings.of(partition);
            LogRecovery.Start start = new LogRecovery.Start(
                    clean,
                    known.recoveryPoint(),
                    known.logStartOffset(),
                    gaps(folder, partition, config, settings, known.recoveryPoint()));
            return new Opened(Optional.of(recovery.recover(folder, partition, config, start)), Optional.empty());
        } catch (IOException | RuntimeException e) {
            return new Opened(Optional.empty(), Optional.of(offline(folder, partition, kept(partition), e)));
        }
    }

    /** Compaction rewrites what was forced: where it may have been unnoted, offsets jump below the recovery point and not after it, where a power cut takes batches. */
    private OffsetGaps gaps(
            Path folder, TopicPartition partition, LogConfig config, LogDirectory.Settings settings, long recoveryPoint)
            throws IOException {
        if (settings.isForeign(partition)) {
            // From the next start on it is ours, and what was there before must be known.
            List<Long> bases = LogFileNames.baseOffsets(folder);
            if (bases.size() > 1) {
                OffsetGaps.addCompacted(folder, bases.get(bases.size() - 1));
            }
            return OffsetGaps.ANY;
        }
        long compactedTo = compacted.map(to -> to.getOrDefault(partition, 0L)).orElse(0L);
        boolean anywhere = config.retention().compacts() || compacted.isEmpty();
        if (anywhere && clean) {
            return OffsetGaps.ANY;
        }
        return OffsetGaps.of(folder, anywhere ? Math.max(compactedTo, recoveryPoint) : compactedTo);
    }

    private OfflinePartition offline(
            Path folder, TopicPartition partition, OfflinePartition.Known known, Exception reason) {
        String told = reason instanceof DamagedLogException || reason instanceof LogDirectoryException
                ? String.valueOf(reason.getMessage())
                : folder + " cannot be opened: " + reason;
        // The trace would say nothing that the message does not, unless it is none of the failures that a disk can
        // have.
        (reason instanceof IOException || reason instanceof LogDirectoryException
                        ? LOGGER.atError()
                        : LOGGER.atError().setCause(reason))
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("error", told)
                .log("partition is offline and its files are left as they are; see 'levada storage verify " + directory
                        + "', then 'levada storage repair " + directory + " --topic " + partition.topic()
                        + " --partition " + partition.partition() + "'");
        return new OfflinePartition(partition, topicId(folder), told, known);
    }

    private static Uuid topicId(Path folder) {
        try {
            return PartitionMetadata.read(folder);
        } catch (IOException unreadableToo) {
            return Uuid.ZERO_UUID;
        }
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** Whether it is of a partition that was being made or deleted when the process ended. */
    private static boolean isUnfinished(String name) {
        if (name.endsWith(LogFileNames.NEW_FOLDER)) {
            String partition = name.substring(0, name.length() - LogFileNames.NEW_FOLDER.length());
            return LogFileNames.partition(Path.of(partition)).isPresent();
        }
        return name.endsWith(LogFileNames.DELETED_FOLDER)
                && DELETED.matcher(name).matches();
    }
}
