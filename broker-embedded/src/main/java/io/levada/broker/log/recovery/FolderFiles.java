/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.LogFileNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names in a partition's folder, listed once: a start asks for many of them, and there may be ten thousand folders. For one thread. */
final class FolderFiles {
    private final Path folder;
    private @Nullable Set<String> names;

    FolderFiles(Path folder) {
        this.folder = folder;
    }

    /** All of them, in no order. */
    Set<String> names() throws IOException {
        Set<String> known = names;
        if (known == null) {
            known = list();
            names = known;
        }
        return known;
    }

    private Set<String> list() throws IOException {
        Set<String> listed = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                listed.add(file.getFileName().toString());
            }
            return listed;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    boolean has(String name) throws IOException {
        return names().contains(name);
    }

    /** The offsets in the names that end so, ascending. */
    List<Long> offsets(String suffix) throws IOException {
        List<Long> offsets = new ArrayList<>();
        for (String name : names()) {
            OptionalLong offset = LogFileNames.offset(name, suffix);
            if (offset.isPresent()) {
                offsets.add(offset.getAsLong());
            }
        }
        offsets.sort(null);
        return offsets;
    }

    /** The folder was changed by others than who asks here. */
    void changed() {
        names = null;
    }

    /** A file was removed. */
    void removed(String name) throws IOException {
        names().remove(name);
    }
}
