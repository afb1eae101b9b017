/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.files.LogDirectoryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code .lock}: held by the one process that uses the directory; the kernel lets go of it when the process dies. */
public final class DirectoryLock implements AutoCloseable {
    /**
     * By file, the descriptors that were refused because this process has the lock. To close one would give up the lock (POSIX, {@code fcntl}: a process
     * loses it with any descriptor of the file), so each waits here for whoever asks next.
     */
    private static final Map<Object, FileChannel> REFUSED = new HashMap<>();

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws LogDirectoryException when another broker or worker, of this process or another, has it
     */
    public static DirectoryLock take(Path directory) throws IOException {
        FileChannel locked = tryLock(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (locked == null) {
            throw new LogDirectoryException("the data directory " + directory
                    + " is in use by another broker or worker. Stop that process, or give this one another data.dir");
        }
        return new DirectoryLock(locked);
    }

    /** Whether some process uses the directory, for who only looks. */
    public static boolean isTaken(Path directory) throws IOException {
        Path file = directory.resolve(".lock");
        if (!Files.isWritable(file)) {
            return false; // never used, or not by this user: then nobody can ask
        }
        try (FileChannel locked = tryLock(file, StandardOpenOption.WRITE)) {
            return locked == null;
        }
    }

    private static synchronized @Nullable FileChannel tryLock(Path file, OpenOption... options) throws IOException {
        FileChannel waiting = Files.exists(file) ? REFUSED.remove(key(file)) : null;
        FileChannel channel = waiting == null ? FileChannel.open(file, options) : waiting;
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldInThisProcess) {
            REFUSED.put(key(file), channel);
            return null;
        }
        channel.close();
        return null;
    }

    private static Object key(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toRealPath() : key;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
