/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which files a folder holds, to see whether they are the same ones a moment later; that they grew is no matter.
 *
 * @param files what each name stands for, where the file system tells
 */
record FolderState(Map<String, Optional<Object>> files) {
    /** Nothing where the folder cannot be read. */
    static FolderState of(Path folder) {
        Map<String, Optional<Object>> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(
                        String.valueOf(file.getFileName()),
                        Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class)
                                .fileKey()));
            }
        } catch (IOException changing) {
            return new FolderState(Map.of());
        }
        return new FolderState(files);
    }
}
