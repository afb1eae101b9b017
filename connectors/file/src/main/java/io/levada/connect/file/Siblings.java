/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that a rotation leaves beside a file: {@code app.log.1}, {@code app.log-20261127}. A file is known by its
 * {@link FileIdentity} wherever in the folder it was renamed to; which one came after it is told by names that go on from the
 * file's with a number or a date, and by when they were last written to.
 */
record Siblings(Path path, AllowedPaths allowed) {
    private static final Pattern NUMBER_OR_DATE = Pattern.compile("[.-]\\d[\\dT:_.-]*");

    /**
     * A file at one look.
     *
     * @param key null where the file system cannot tell files apart
     */
    record Found(Path file, @Nullable String key, FileTime written) {}

    /** The file of this identity in the folder, or null if it is gone. */
    @Nullable
    Path find(FileIdentity identity) throws IOException {
        for (Found each : look("")) {
            if (identity.key().equals(each.key()) && beginsAlike(identity, each.file())) {
                return each.file();
            }
        }
        return null;
    }

    /**
     * The file that was begun after the one of this key, which does not have the name any more; {@link #path} if it is the next.
     *
     * @param written when that one was last written to, as far as is known: it may be gone
     * @throws NoSuchFileException if no file has the name now
     */
    Found after(String key, FileTime written) throws IOException {
        List<Found> rotated = rotated();
        FileTime last = rotated.stream()
                .filter(each -> key.equals(each.key()))
                .map(Found::written)
                .findFirst()
                .orElse(written);
        for (Found each : rotated) {
            if (!key.equals(each.key()) && each.written().compareTo(last) > 0) {
                return each;
            }
        }
        Found named = at(path);
        if (named == null) {
            throw new NoSuchFileException(path.toString());
        }
        return named;
    }

    /** Those of the rotation that hold lines, the one written last at the end. */
    List<Found> rotated() throws IOException {
        String name = nameOf(path);
        return look(name).stream()
                .filter(each -> NUMBER_OR_DATE
                        .matcher(nameOf(each.file()).substring(name.length()))
                        .matches())
                .sorted(Comparator.comparing(Found::written))
                .toList();
    }

    /** What is there under a name, or null: files may be renamed and deleted at any moment. */
    static @Nullable Found at(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object key = attributes.fileKey();
            return new Found(file, key == null ? null : key.toString(), attributes.lastModifiedTime());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private boolean beginsAlike(FileIdentity identity, Path file) throws IOException {
        try (FileChannel channel = allowed.open(file, Set.of(StandardOpenOption.READ))) {
            return identity.beginsAlike(channel);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private List<Found> look(String prefix) throws IOException {
        Path folder = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path.toAbsolutePath());
        List<Found> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Path file = path.isAbsolute() ? entry : path.resolveSibling(nameOf(entry));
                if (nameOf(entry).startsWith(prefix) && Files.isRegularFile(file)) {
                    Found found = at(file);
                    if (found != null) {
                        files.add(found);
                    }
                }
            }
        }
        return files;
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
