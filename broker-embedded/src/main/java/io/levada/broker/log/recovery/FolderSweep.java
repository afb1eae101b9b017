/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Removes what a stop in the middle of a change left in a partition's folder. Files it does not know stay. */
final class FolderSweep {
    private static final List<String> SEGMENT_FILES = Stream.concat(
                    Stream.of(LogFileNames.LOG), LogFileNames.BESIDE_THE_LOG.stream())
            .toList();

    private final Path folder;
    private final LogFiles files;

    FolderSweep(Path folder, LogFiles files) {
        this.folder = folder;
        this.files = files;
    }

    void run() throws IOException {
        List<Path> present = list();
        if (present.stream().anyMatch(FolderSweep::isOfACompaction)) {
            new SwapRecovery(folder, files).run();
            present = list();
        }
        for (Path file : present) {
            sweep(file);
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    private static boolean isOfACompaction(Path file) {
        String name = file.toString();
        return name.endsWith(LogFileNames.SWAP) || name.endsWith(LogFileNames.CLEANED);
    }

    private void sweep(Path file) throws IOException {
        if (is(file, LogFileNames.DELETED) || isOrphanIndex(file)) {
            Files.delete(file);
        }
    }

    private static boolean is(Path file, String ending) {
        return SEGMENT_FILES.stream()
                .anyMatch(suffix -> LogFileNames.offset(file, suffix + ending).isPresent());
    }

    private boolean isOrphanIndex(Path file) {
        return LogFileNames.INDEXES.stream()
                .map(suffix -> LogFileNames.offset(file, suffix))
                .filter(OptionalLong::isPresent)
                .anyMatch(base -> !Files.exists(LogFileNames.file(folder, base.getAsLong(), LogFileNames.LOG)));
    }
}
