/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** Opens every partition of a directory, several at once. */
final class DirectoryRecovery {
    private final Path directory;
    private final boolean clean;
    private final Map<TopicPartition, Long> recoveryPoints;
    private final Map<TopicPartition, Long> logStarts;
    private final Parallel parallel;
    private final PartitionRecovery recovery;

    /** Opens one partition. */
    @FunctionalInterface
    interface PartitionRecovery {
        PartitionLog recover(Path folder, TopicPartition partition, LogConfig config, LogRecovery.Start start)
                throws IOException;
    }

    DirectoryRecovery(
            Path directory,
            boolean clean,
            Map<TopicPartition, Long> recoveryPoints,
            Map<TopicPartition, Long> logStarts,
            Parallel parallel,
            PartitionRecovery recovery) {
        this.directory = directory;
        this.clean = clean;
        this.recoveryPoints = recoveryPoints;
        this.logStarts = logStarts;
        this.parallel = parallel;
        this.recovery = recovery;
    }

    List<PartitionLog> run(LogConfig config) throws IOException {
        removeUnfinished();
        List<Callable<PartitionLog>> opening = new ArrayList<>();
        for (Path folder : folders()) {
            LogFileNames.partition(folder).ifPresent(partition -> opening.add(() -> open(folder, partition, config)));
        }
        return parallel.run(opening);
    }

    private PartitionLog open(Path folder, TopicPartition partition, LogConfig config) throws IOException {
        LogRecovery.Start start = new LogRecovery.Start(
                clean, recoveryPoints.getOrDefault(partition, 0L), logStarts.getOrDefault(partition, 0L));
        return recovery.recover(folder, partition, config, start);
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** Partitions that were being made or deleted when the process ended. */
    private void removeUnfinished() throws IOException {
        for (Path folder : folders()) {
            String name = folder.getFileName().toString();
            boolean unfinished = name.endsWith(LogFileNames.NEW_FOLDER)
                    && LogFileNames.partition(folder.resolveSibling(
                                    name.substring(0, name.length() - LogFileNames.NEW_FOLDER.length())))
                            .isPresent();
            if (unfinished || name.matches(".+-[0-9]+\\.[0-9a-f]{32}" + LogFileNames.DELETED_FOLDER)) {
                FolderRemoval.remove(folder);
            }
        }
    }
}
