/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines to a file, whole lines at a time. {@link #write()} hands them to the operating system, where other
 * processes see them; {@link #force()} puts them on disk. Owned by the task thread.
 */
final class LineWriter implements Closeable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LineWriter.class);
    private static final int PENDING_BYTES_MAX = 256 * 1024;
    /** Windows opens no folder, and keeps names by itself. */
    private static final boolean FOLDERS_CAN_BE_FORCED =
            !System.getProperty("os.name", "").startsWith("Windows");

    private final FileChannel channel;
    private final Charset charset;
    private final boolean onDisk;
    private final Path folder;
    private boolean nameOnDisk;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** Opens the file, makes it if it is absent, and ends a line that a crash left unfinished. */
    LineWriter(Path file, TextOptions text) throws IOException {
        this.charset = text.charset();
        endTornLine(file, text);
        this.folder = AllowedPaths.parentOf(file);
        this.channel = text.allowed().open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        this.onDisk = Files.isRegularFile(file);
    }

    void append(String line) throws IOException {
        pending.writeBytes(line.getBytes(charset));
        pending.write('\n');
        if (pending.size() >= PENDING_BYTES_MAX) {
            write();
        }
    }

    void write() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        pending.reset();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Devices and pipes have no disk to be forced to. */
    void force() throws IOException {
        write();
        if (onDisk) {
            channel.force(true);
            forceName();
        }
    }

    /** A file is on disk once its folder is, too: else a power cut takes it whole. One that is there may be of a run that was killed before. */
    private void forceName() throws IOException {
        if (nameOnDisk || !FOLDERS_CAN_BE_FORCED) {
            return;
        }
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
        nameOnDisk = true;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            write();
        }
    }

    /** The torn line stays, since another program may have written it, but nothing is glued to it. */
    private static void endTornLine(Path file, TextOptions text) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        Set<java.nio.file.OpenOption> both = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel existing = text.allowed().open(file, both)) {
            long size = existing.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            if (size == 0 || existing.read(last, size - 1) < 1 || last.get(0) == '\n') {
                return;
            }
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("size", size)
                    .log("file ends in the middle of a line; new lines start after it");
            existing.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
        }
    }
}
