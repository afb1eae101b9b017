/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Follows the file that the file sink writes; a line that has no end yet waits for it. */
final class FileRows implements AutoCloseable {

    private final Path file;
    private final ArrivedRows rows = new ArrivedRows();
    private final StringBuilder line = new StringBuilder();
    private @Nullable BufferedReader reader;

    FileRows(Path file) {
        this.file = file;
    }

    /** What has arrived by now. */
    ArrivedRows read() throws IOException {
        if (reader == null) {
            if (!Files.exists(file)) {
                return rows;
            }
            reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        }
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                rows.add(line.toString());
                line.setLength(0);
            } else {
                line.append((char) c);
            }
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
