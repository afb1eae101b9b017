/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the file that the file sink writes; a line that has no end yet waits for it. */
final class FileRows implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(FileRows.class);

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
                addLine();
            } else {
                line.append((char) c);
            }
        }
        return rows;
    }

    /** A line that a kill tore in two is no row: the sink wrote the row again, on the next line. */
    private void addLine() throws IOException {
        String text = line.toString();
        line.setLength(0);
        try {
            rows.add(text);
        } catch (JsonProcessingException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("length", text.length())
                    .log("passing over a torn line");
        }
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
