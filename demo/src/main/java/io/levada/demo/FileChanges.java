/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the file that the file sink writes; a line that has no end yet waits for it. Lines are taken apart as bytes, since a line
 * that is half written may end in half a character.
 */
final class FileChanges implements Place {

    private static final Logger LOGGER = LoggerFactory.getLogger(FileChanges.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final ArrivedChanges changes = new ArrivedChanges();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable InputStream open;

    FileChanges(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "the file";
    }

    @Override
    public void look() throws IOException {
        InputStream input = open;
        if (input == null) {
            try {
                input = Files.newInputStream(file);
            } catch (NoSuchFileException notYet) {
                return;
            }
            open = input;
        }
        for (int read = input.read(buffer); read > 0; read = input.read(buffer)) {
            take(read);
        }
    }

    private void take(int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                line.write(buffer, start, i - start);
                addLine();
                start = i + 1;
            }
        }
        line.write(buffer, start, length - start);
    }

    /** A line that a kill tore in two is no change: the sink wrote the change again, on the next line. */
    private void addLine() {
        if (!changes.add(line.toByteArray())) {
            LOGGER.atDebug()
                    .addKeyValue("file", file)
                    .addKeyValue("bytes", line.size())
                    .log("passing over a torn line");
        }
        line.reset();
    }

    @Override
    public ArrivedChanges changes() {
        return changes;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
