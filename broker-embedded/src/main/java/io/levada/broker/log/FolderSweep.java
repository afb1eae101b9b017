/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

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
        new SwapRecovery(folder, files).run();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                sweep(file);
            }
        }
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
