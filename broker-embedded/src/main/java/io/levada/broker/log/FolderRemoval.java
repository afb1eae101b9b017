/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Removes a partition's folder with the files in it. */
final class FolderRemoval {
    private FolderRemoval() {}

    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
