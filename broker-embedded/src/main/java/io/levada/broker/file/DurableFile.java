/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is replaced as a whole: after a crash it holds the old or the new content, never a mix. Safe to use by many threads. */
public final class DurableFile {
    // Neither a topic name nor a file of Kafka's can hold a tilde, so this is nobody else's. One for all of a
    // folder, as there are file names that leave no room for anything more.
    private static final String DRAFT = "~draft";

    private DurableFile() {}

    /** Replaces the content of {@code file}; it is on disk when this returns. */
    public static synchronized void replace(Path file, byte[] content) throws IOException {
        Path draft = file.resolveSibling(DRAFT);
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolderOf(file);
    }

    /** Removes {@code file} if it is there; it is gone from disk when this returns. */
    public static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        syncFolderOf(file);
    }

    private static void syncFolderOf(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
