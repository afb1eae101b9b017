/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.standalone;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that {@code offset.storage.file.filename} names, in the format of Kafka Connect's {@code FileOffsetBackingStore}: one serialized
 * {@code java.util.HashMap} from the bytes of a key to the bytes of an offset, both as records of the offset topic have them. Kafka Connect writes over the
 * file in place; here it is replaced as a whole, so that a kill or a full disk leaves the one before. Not safe for use by many threads.
 */
final class OffsetsFile implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetsFile.class);
    /** A map and what is in it. */
    private static final int DEPTH_MAX = 2;

    private final Path file;
    private final Path draft;
    private final FileChannel lockFile;
    private Map<Bytes, byte[]> entries;

    private OffsetsFile(Path file, FileChannel lockFile) throws IOException {
        this.file = file;
        this.draft = file.resolveSibling(file.getFileName() + "~");
        this.lockFile = lockFile;
        this.entries = read(file);
    }

    /**
     * Reads the file, if there is one, and keeps other workers of Levada's from it.
     *
     * @throws ConnectException that names the file and says what to do, when it cannot be read, is damaged, or is another worker's
     */
    static OffsetsFile open(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Path folder = absolute.resolveSibling("");
            boolean folderIsNew = !Files.isDirectory(folder); // also of a link: JDK 17 may refuse to create that
            if (folderIsNew) {
                Files.createDirectories(folder);
            }
            FileChannel lockFile = lock(absolute);
            try {
                boolean found = Files.exists(absolute);
                OffsetsFile opened = new OffsetsFile(absolute, lockFile);
                tell(absolute, found, folderIsNew, opened.entries.size());
                return opened;
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ConnectException(
                    "Cannot open offset.storage.file.filename=" + file + ": " + e
                            + ". May this user write the file and its folder?",
                    e);
        }
    }

    /** A name that is mistyped is no error: sources would begin anew, and this line alone says why. */
    private static void tell(Path file, boolean found, boolean folderIsNew, int offsets) {
        LOGGER.atInfo()
                .addKeyValue("file", file)
                .addKeyValue("offsets", offsets)
                .log(
                        found
                                ? "the file of source offsets is read"
                                : folderIsNew
                                        ? "the file of source offsets does not exist yet, and its folder did not: it begins empty, as sources do that nothing is known of"
                                        : "the file of source offsets does not exist yet: it begins empty, as sources do that nothing is known of");
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new ConnectException("Another worker uses offset.storage.file.filename=" + file
                    + ". Stop it, or give this one another file.");
        }
        return channel;
    }

    private static Map<Bytes, byte[]> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                ObjectInputStream objects = new ObjectInputStream(in)) {
            long bytes = Files.size(file);
            objects.setObjectInputFilter(info -> filter(info, bytes));
            Map<Bytes, byte[]> read = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) objects.readObject()).entrySet()) {
                if (!isBytes(entry.getKey()) || !isBytes(entry.getValue())) {
                    throw new ConnectException(
                            "offset.storage.file.filename=" + file + " is no file of offsets: it holds "
                                    + kind(entry.getKey()) + " with " + kind(entry.getValue())
                                    + ", where Kafka Connect keeps bytes. Name its file, or move this one away: then sources begin anew.");
                }
                if (entry.getKey() instanceof byte[] key && entry.getValue() instanceof byte[] offset) {
                    read.put(Bytes.wrap(key), offset);
                }
            }
            return read;
        } catch (NoSuchFileException notYet) {
            return new LinkedHashMap<>();
        } catch (EOFException cut) {
            if (Files.size(file) == 0) {
                return new LinkedHashMap<>(); // as made by hand, or by Kafka Connect before its first commit
            }
            throw damaged(file, cut);
        } catch (IOException e) {
            if (e instanceof java.io.ObjectStreamException) {
                throw damaged(file, e);
            }
            throw e;
        } catch (ConnectException e) {
            throw e;
        } catch (ClassNotFoundException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private static ConnectException damaged(Path file, Exception cause) {
        return new ConnectException(
                "offset.storage.file.filename=" + file + " is no file of offsets, or is damaged (" + cause
                        + "). Put a backup in its place, or move it away: then sources begin anew.",
                cause);
    }

    /** Kafka Connect has null for an offset that was removed. */
    private static boolean isBytes(@Nullable Object part) {
        return part == null || part instanceof byte[];
    }

    private static String kind(@Nullable Object part) {
        return part == null
                ? "nothing"
                : part instanceof byte[] ? "bytes" : part.getClass().getName();
    }

    /**
     * Nothing but what such a file is made of: it may come from anywhere.
     *
     * @param bytes of the file: no array that it declares can be longer, and is allocated if it is
     */
    private static ObjectInputFilter.Status filter(ObjectInputFilter.FilterInfo info, long bytes) {
        Class<?> type = info.serialClass();
        boolean known = type == null || type == HashMap.class || type == byte[].class || type == Map.Entry[].class;
        boolean bounded = info.arrayLength() <= bytes && info.depth() <= DEPTH_MAX;
        return known && bounded ? ObjectInputFilter.Status.UNDECIDED : ObjectInputFilter.Status.REJECTED;
    }

    /** What is in it. */
    Map<Bytes, byte[]> entries() {
        return Map.copyOf(entries);
    }

    /**
     * Changes it; on return the change is on disk.
     *
     * @param changes new offsets; a null one removes its key
     * @throws IOException when it is as it was before; or, and then it says so, when the change is made and may be lost with the power
     */
    void write(Map<Bytes, byte @Nullable []> changes) throws IOException {
        Map<Bytes, byte[]> changed = new LinkedHashMap<>(entries);
        changes.forEach((key, offset) -> {
            if (offset == null) {
                changed.remove(key);
            } else {
                changed.put(key, offset);
            }
        });
        // Opened first, because a failure after the move comes too late to leave the file as it was.
        try (FileChannel folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            writeDraft(changed);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            entries = changed;
            force(folder);
        }
    }

    private void force(FileChannel folder) throws IOException {
        try {
            folder.force(true);
        } catch (IOException e) {
            throw new IOException(
                    "the new offsets are in " + file
                            + ", but its folder could not be forced to disk: if the power fails"
                            + " the ones before may be there again: " + e,
                    e);
        }
    }

    @SuppressWarnings("ArrayAsKeyOfSetOrMap") // The format is such a map; nothing is looked up in it.
    private void writeDraft(Map<Bytes, byte[]> changed) throws IOException {
        HashMap<byte[], byte[]> raw = new HashMap<>();
        changed.forEach((key, offset) -> raw.put(key.get(), offset));
        try (FileChannel channel = FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                ObjectOutputStream objects = new ObjectOutputStream(Channels.newOutputStream(channel))) {
            objects.writeObject(raw);
            objects.flush();
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
