/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a rotation leaves beside a file: {@code app.log.1}, {@code app.log-20261127}. A file is known by its
 * {@link FileIdentity} wherever in the folder it was renamed to; which one came after it is told by names that go on from the
 * file's, and by when they were last written to.
 */
record Siblings(Path path, AllowedPaths allowed) {
    private record Written(Path file, FileTime time) {}

    /** The file of this identity in the folder, or null if it is gone. */
    @Nullable
    Path find(FileIdentity identity) throws IOException {
        for (Path each : files("")) {
            if (identity.key().equals(keyOrNull(each)) && beginsAlike(identity, each)) {
                return each;
            }
        }
        return null;
    }

    /** The file that was begun after the one of this key, which is not {@link #path} itself; {@link #path} if it is the next. */
    Path after(String key) throws IOException {
        List<Written> written = new ArrayList<>();
        for (Path each : files(path.getFileName().toString())) {
            FileTime time = timeOrNull(each);
            if (time != null) {
                written.add(new Written(each, time));
            }
        }
        written.sort(Comparator.comparing(Written::time));
        boolean passed = false;
        for (Written each : written) {
            if (passed && !each.file().equals(path) && !isPacked(each.file())) {
                return each.file();
            }
            passed |= key.equals(keyOrNull(each.file()));
        }
        return path;
    }

    private boolean beginsAlike(FileIdentity identity, Path file) throws IOException {
        try (FileChannel channel = allowed.open(file, Set.of(StandardOpenOption.READ))) {
            return identity.beginsAlike(channel);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static @Nullable FileTime timeOrNull(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Null also if it was renamed or deleted since the folder was listed. */
    private static @Nullable String keyOrNull(Path file) throws IOException {
        try {
            return FileIdentity.keyOf(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** What was compressed holds no lines. */
    private static boolean isPacked(Path file) {
        String name = file.getFileName().toString();
        return Set.of(".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip").stream().anyMatch(name::endsWith);
    }

    private List<Path> files(String prefix) throws IOException {
        Path folder = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path.toAbsolutePath());
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path each : entries) {
                if (each.getFileName().toString().startsWith(prefix) && Files.isRegularFile(each)) {
                    files.add(path.isAbsolute() ? each : path.resolveSibling(each.getFileName()));
                }
            }
        }
        return files;
    }
}
