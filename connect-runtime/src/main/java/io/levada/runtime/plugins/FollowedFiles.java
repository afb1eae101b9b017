/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files below a folder, symbolic links followed. A link that leads nowhere is left out with a warning, and so is one that leads back
 * to a folder that it is in.
 */
final class FollowedFiles extends SimpleFileVisitor<Path> {
    private static final Logger LOGGER = LoggerFactory.getLogger(FollowedFiles.class);

    private final List<Path> files = new ArrayList<>();

    private FollowedFiles() {}

    /** The regular files, sorted; under the names by which they are reached from {@code folder}. */
    static List<Path> below(Path folder) throws IOException {
        FollowedFiles walk = new FollowedFiles();
        Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        Collections.sort(walk.files);
        return walk.files;
    }

    /** Warns of a symbolic link whose target is not there. */
    static void warnIfDangling(Path path) {
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            LOGGER.atWarn()
                    .addKeyValue("link", path)
                    .log("symbolic link on plugin.path leads nowhere and is left out; mend or remove it");
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            files.add(file);
        } else {
            warnIfDangling(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException) {
            LOGGER.atWarn()
                    .addKeyValue("link", file)
                    .log("symbolic link on plugin.path leads to a folder that it is in, and is not followed");
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
