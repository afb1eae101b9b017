/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folders in which files may be opened; no folder at all means everywhere. */
record AllowedPaths(List<Path> roots) {
    /** Whether the name lies in an allowed folder, by its letters alone; {@link #open} looks at the real file. */
    boolean covers(Path file) {
        Path name = file.toAbsolutePath().normalize();
        return roots.isEmpty()
                || roots.stream()
                        .anyMatch(root -> name.startsWith(root.toAbsolutePath().normalize()));
    }

    /**
     * Opens a file. Where folders are named, the links of its path are resolved first and the result is opened without
     * following another, so that no link swapped in meanwhile leads out.
     *
     * @throws AccessDeniedException if the real file lies outside, or is no regular file
     */
    FileChannel open(Path file, Set<OpenOption> options) throws IOException {
        if (roots.isEmpty()) {
            return FileChannel.open(file, options);
        }
        Path real = Files.exists(file)
                ? file.toRealPath()
                : parentOf(file).toRealPath().resolve(nameOf(file));
        if (!liesWithin(real)) {
            throw new AccessDeniedException(file + " leads to " + real + ", outside file.allowed.paths " + roots);
        }
        if (Files.exists(real, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new AccessDeniedException(real + " is no regular file, and file.allowed.paths is set");
        }
        return FileChannel.open(
                real,
                Stream.concat(options.stream(), Stream.of(LinkOption.NOFOLLOW_LINKS))
                        .collect(Collectors.toSet()));
    }

    private boolean liesWithin(Path real) throws IOException {
        for (Path root : roots) {
            if (Files.exists(root) && real.startsWith(root.toRealPath())) {
                return true;
            }
        }
        return false;
    }

    static Path parentOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
