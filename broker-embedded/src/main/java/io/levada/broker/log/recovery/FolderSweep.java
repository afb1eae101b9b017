/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Removes what a stop in the middle of a change left in a partition's folder. Files it does not know stay. */
final class FolderSweep {
    private static final Pattern NUMBER = Pattern.compile("\\.[0-9]+$");
    private static final List<String> SEGMENT_FILES = Stream.concat(
                    Stream.of(LogFileNames.LOG), LogFileNames.BESIDE_THE_LOG.stream())
            .toList();

    private final Path folder;
    private final LogFiles files;
    private final FolderFiles present;

    FolderSweep(Path folder, LogFiles files, FolderFiles present) {
        this.folder = folder;
        this.files = files;
        this.present = present;
    }

    void run() throws IOException {
        if (present.names().stream().anyMatch(FolderSweep::isOfACompaction)) {
            new SwapRecovery(folder, files).run();
            present.changed();
        }
        for (String name : List.copyOf(present.names())) {
            if (isDeleted(name) || isOrphanIndex(name)) {
                Files.delete(folder.resolve(name));
                present.removed(name);
            }
        }
    }

    private static boolean isOfACompaction(String name) {
        return name.endsWith(LogFileNames.SWAP) || name.endsWith(LogFileNames.CLEANED);
    }

    private static boolean isDeleted(String name) {
        if (!name.endsWith(LogFileNames.DELETED)) {
            return false;
        }
        // With a number where an earlier one of that name was there still.
        String before = NUMBER.matcher(name.substring(0, name.length() - LogFileNames.DELETED.length()))
                .replaceFirst("");
        return SEGMENT_FILES.stream()
                .anyMatch(suffix -> LogFileNames.offset(before, suffix).isPresent());
    }

    private boolean isOrphanIndex(String name) throws IOException {
        for (String suffix : LogFileNames.INDEXES) {
            OptionalLong base = LogFileNames.offset(name, suffix);
            if (base.isPresent() && !present.has(LogFileNames.name(base.getAsLong(), LogFileNames.LOG))) {
                return true;
            }
        }
        return false;
    }
}
