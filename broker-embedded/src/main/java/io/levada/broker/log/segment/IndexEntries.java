/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.files.CorruptIndexException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one size, sorted by a key at their start: the body of an offset or time index.
 *
 * <p>The index of the active segment lives in memory and is written when the segment is sealed or closed, as recovery rebuilds it
 * anyway; a sealed one is mapped on first use. There is one writer, and readers need no lock: an entry is in the buffer
 * before the count covers it.
 */
final class IndexEntries {
    private static final int FIRST_CAPACITY = 8;

    /** Smaller than a page, a file is read rather than mapped: a process may have some 65,000 maps, and most partitions are small. */
    private static final int READ_BYTES_MAX = 4096;

    private final Path file;
    private final int entryBytes;
    private final int keyBytes;
    private volatile int count;
    private volatile @Nullable ByteBuffer buffer;
    /** Whether the file of that name is going, and may be another's soon. */
    private boolean kept;

    private IndexEntries(Path file, int entryBytes, int keyBytes, int count, @Nullable ByteBuffer buffer) {
        this.file = file;
        this.entryBytes = entryBytes;
        this.keyBytes = keyBytes;
        this.count = count;
        this.buffer = buffer;
    }

    static IndexEntries inMemory(Path file, int entryBytes, int keyBytes) {
        return inMemory(file, entryBytes, keyBytes, FIRST_CAPACITY);
    }

    /** Entries with room for {@code capacity} of them before more memory is taken. */
    static IndexEntries inMemory(Path file, int entryBytes, int keyBytes, int capacity) {
        return new IndexEntries(file, entryBytes, keyBytes, 0, ByteBuffer.allocate(capacity * entryBytes));
    }

    /**
     * The entries of a file; the caller checks them before it trusts them.
     *
     * @throws CorruptIndexException when its size is not that of so many entries, or more than any log file needs
     */
    static IndexEntries onDisk(Path file, int entryBytes, int keyBytes) throws IOException {
        long bytes = Files.size(file);
        if (bytes % entryBytes != 0) {
            throw new CorruptIndexException(file, "its size is not a multiple of " + entryBytes);
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new CorruptIndexException(file, "its " + bytes + " bytes are more than any log file needs");
        }
        return new IndexEntries(file, entryBytes, keyBytes, (int) (bytes / entryBytes), null);
    }

    int count() {
        return count;
    }

    short shortAt(int slot, int at) {
        return entries().getShort(slot * entryBytes + at);
    }

    long longAt(int slot, int at) {
        return entries().getLong(slot * entryBytes + at);
    }

    int intAt(int slot, int at) {
        return entries().getInt(slot * entryBytes + at);
    }

    /** The last slot whose key is at most {@code key}, or -1. */
    int lastAtMost(long key) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (keyAt(middle) <= key) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private long keyAt(int slot) {
        return keyBytes == Long.BYTES ? longAt(slot, 0) : intAt(slot, 0);
    }

    void append(long longPart, int intPart) {
        room().putLong(count * entryBytes, longPart).putInt(count * entryBytes + Long.BYTES, intPart);
        publish(count + 1);
    }

    void append(int first, int second) {
        room().putInt(count * entryBytes, first).putInt(count * entryBytes + Integer.BYTES, second);
        publish(count + 1);
    }

    void append(ByteBuffer entry) {
        room().put(count * entryBytes, entry, entry.position(), entryBytes);
        publish(count + 1);
    }

    private void publish(int newCount) {
        count = newCount;
    }

    private ByteBuffer room() {
        ByteBuffer current = entries();
        int used = count * entryBytes;
        if (!current.isReadOnly() && current.capacity() >= used + entryBytes) {
            return current;
        }
        ByteBuffer larger = ByteBuffer.allocate(Math.max(FIRST_CAPACITY * entryBytes, 2 * used));
        larger.put(0, current, 0, used);
        put(larger);
        return larger;
    }

    /** Under the monitor, as {@link #release} must not take it for what it was. */
    private synchronized void put(ByteBuffer larger) {
        buffer = larger;
    }

    /** Takes the entries into memory, where the file is going to be out of date. */
    void load() {
        ByteBuffer current = entries();
        if (current.isReadOnly()) {
            put(ByteBuffer.allocate(count * entryBytes).put(0, current, 0, count * entryBytes));
        }
    }

    /** Writes the file whole and on disk, after which the entries may be dropped from memory. */
    void write() throws IOException {
        ByteBuffer current = entries();
        if (current.isReadOnly()) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = current.duplicate().limit(count * entryBytes).position(0);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (count > 0) {
                channel.force(true);
            }
        }
    }

    /** Lets go of the memory; the file is mapped when it is needed again. No entry may follow. */
    void forget() {
        buffer = null;
    }

    /** Has the entries in memory, for readers that come after the file is gone. */
    void keep() {
        synchronized (this) {
            kept = true;
        }
        entries();
    }

    /** Lets go of what can be read again. */
    synchronized void release() {
        ByteBuffer current = buffer;
        if (current != null && current.isReadOnly() && !kept) {
            buffer = null;
        }
    }

    private ByteBuffer entries() {
        ByteBuffer current = buffer;
        return current != null ? current : map();
    }

    private synchronized ByteBuffer map() {
        ByteBuffer current = buffer;
        if (current != null) {
            return current;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = (long) count * entryBytes;
            ByteBuffer read = bytes <= READ_BYTES_MAX
                    ? read(channel, (int) bytes)
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
            buffer = read;
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map the index " + file, e);
        }
    }

    private static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the file is shorter than when it was opened");
            }
        }
        return buffer.flip().asReadOnlyBuffer();
    }
}
