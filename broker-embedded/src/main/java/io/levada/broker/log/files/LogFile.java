/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.FileRecords.LogOffsetPosition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of record batches that is opened when it is used, and closed when {@link OpenFiles} wants its place for another and nobody is using it. Its
 * readers and its one writer need no lock while it is open.
 *
 * <p>It is opened by its name, so that name is changed only here, and what is opened must be the file it was before. Bytes that were written through a
 * descriptor are forced before that is closed: with the file's last descriptor the system may forget that it failed to write them.
 */
public final class LogFile {
    private static final int SHUT = -1;
    private static final AtomicIntegerFieldUpdater<LogFile> USERS =
            AtomicIntegerFieldUpdater.newUpdater(LogFile.class, "users");

    private static final Logger LOGGER = LoggerFactory.getLogger(LogFile.class);

    private final OpenFiles open;
    private volatile Runnable givenBack = () -> {};
    private volatile Path path;
    private volatile int size;
    /** Who uses the open file, or {@link #SHUT}. Leaves and reaches that under this object's monitor only. */
    private volatile int users = SHUT;

    private volatile @Nullable FileRecords records;
    private volatile boolean used;
    private volatile boolean unforced;
    /** Whether an append failed, and may have left a part of what it was to write. */
    private volatile boolean torn;

    private volatile boolean closed;
    private volatile @Nullable Exception forceFailure;
    /** Which file it is, whatever its name; null where the file system tells none. Under the monitor. */
    private @Nullable Object identity;

    private boolean identified;

    /** Something that reads the open file. */
    @FunctionalInterface
    public interface Reading<T> {
        T of(FileRecords records) throws IOException;
    }

    private LogFile(Path path, int size, @Nullable Object identity, boolean identified, OpenFiles open) {
        this.path = path;
        this.size = size;
        this.identity = identity;
        this.identified = identified;
        this.open = open;
    }

    /**
     * A file that is there, not opened yet.
     *
     * @param attributes of the file as it is now
     */
    public static LogFile existing(Path path, BasicFileAttributes attributes, OpenFiles open) {
        return new LogFile(path, Math.toIntExact(attributes.size()), attributes.fileKey(), true, open);
    }

    /** Opens a file, and makes it where there is none. */
    public static LogFile open(Path path, OpenFiles open) throws IOException {
        LogFile file = new LogFile(path, 0, null, false, open);
        file.size = file.acquire().sizeInBytes();
        file.release();
        return file;
    }

    /** Has {@code letGo} called whenever the file was closed for another, which is the moment to let go of what goes with it. */
    public void onGivenBack(Runnable letGo) {
        givenBack = letGo;
    }

    public Path path() {
        return path;
    }

    public int sizeInBytes() {
        return size;
    }

    /** How long the file is now, whoever has changed it. */
    public long bytesOnDisk() throws IOException {
        FileRecords opened = acquire();
        try {
            return opened.channel().size();
        } finally {
            release();
        }
    }

    /** The batch that holds {@code offset}, or the first after it, searched from a batch's position on; null if there is none. */
    public @Nullable LogOffsetPosition search(long offset, int fromPosition) throws IOException {
        FileRecords opened = acquire();
        try {
            return opened.searchForOffsetFromPosition(offset, fromPosition);
        } finally {
            release();
        }
    }

    /** Reads with the file open all the while. Nothing of it may be used afterwards. */
    public <T> T reading(Reading<T> reading) throws IOException {
        FileRecords opened = acquire();
        try {
            return reading.of(opened);
        } finally {
            release();
        }
    }

    /** As {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}. */
    public int read(ByteBuffer target, long position) throws IOException {
        FileRecords opened = acquire();
        try {
            return opened.channel().read(target, position);
        } finally {
            release();
        }
    }

    /** As {@link java.nio.channels.FileChannel#transferTo}. */
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        FileRecords opened = acquire();
        try {
            return opened.channel().transferTo(position, count, target);
        } finally {
            release();
        }
    }

    /** Some of its bytes, for whom they are sent to; good until the file is closed for good. */
    public LogSlice slice(int position, int bytes) {
        return new LogSlice(this, position, bytes);
    }

    /** Writes all batches at the end. */
    public void append(MemoryRecords batches) throws IOException {
        requireNoFailure(); // else a failure that only the closing of the file met would stay unknown to who writes on
        FileRecords opened = acquire();
        try {
            torn = true;
            open.files().append(opened, batches);
            size = opened.sizeInBytes();
            torn = false;
        } finally {
            unforced = true;
            release();
        }
    }

    /** Takes off everything from a size on; does not so much as open the file where it has that size. */
    public void truncate(int newSize) throws IOException {
        if (!torn && newSize == size) {
            return;
        }
        FileRecords opened = acquire();
        try {
            open.files().truncate(opened, newSize);
            size = opened.sizeInBytes();
            torn = false;
        } finally {
            unforced = true;
            release();
        }
    }

    /** Blocks until its bytes and size are on disk. What failed once fails ever after, as the system may have forgotten it. */
    public void force() throws IOException {
        FileRecords opened = acquire();
        try {
            force(opened);
        } finally {
            release();
        }
    }

    /** As {@link #force} for what was written through this object: a file that gave way was forced before, and is not opened for that. */
    public void forceWritten() throws IOException {
        synchronized (this) { // whoever closes it for another forces it under the monitor
            if (users == SHUT && !unforced && forceFailure == null) {
                return;
            }
        }
        force();
    }

    private void requireNoFailure() throws IOException {
        Exception failed = forceFailure;
        if (failed != null) {
            throw new IOException("an earlier force of " + path + " failed", failed);
        }
    }

    private void force(FileRecords opened) throws IOException {
        requireNoFailure();
        unforced = false; // before: what is appended meanwhile says so after it was written
        try {
            open.files().force(opened);
        } catch (IOException | RuntimeException e) {
            forceFailure = e;
            unforced = true;
            throw e;
        }
    }

    /** Gives it another name; who reads goes on. */
    public synchronized void rename(Path newPath) throws IOException {
        open.files().rename(path, newPath);
        path = newPath;
    }

    /** Closes it for good, once those who are using it have done so; nothing is forced. */
    public void close() throws IOException {
        closed = true;
        closeUnused();
    }

    /** Whether it is not open. */
    boolean isShut() {
        return users == SHUT;
    }

    /** Whether it was used since the last call. */
    boolean wasUsedSinceLooked() {
        boolean was = used;
        used = false;
        return was;
    }

    /**
     * Closes it if nobody uses it; it is opened again when it is.
     *
     * @param evenUnforced whether bytes are forced for that
     */
    boolean giveBack(boolean evenUnforced) {
        synchronized (this) {
            FileRecords opened = records;
            if (opened == null || (unforced && !evenUnforced) || !USERS.compareAndSet(this, 0, SHUT)) {
                return false;
            }
            try {
                if (unforced) {
                    force(opened);
                }
            } catch (IOException | RuntimeException toldByTheNextForce) {
                users = 0; // what could not be forced must not be forgotten with the descriptor
                return false;
            }
            records = null;
            try {
                opened.channel().close();
            } catch (IOException e) {
                LOGGER.atWarn().setCause(e).addKeyValue("segment", this).log("log file not closed");
            }
        }
        givenBack.run();
        return true;
    }

    private FileRecords acquire() throws IOException {
        if (!used) {
            used = true;
        }
        for (int now = users; now != SHUT; now = users) {
            if (USERS.compareAndSet(this, now, now + 1)) {
                return Objects.requireNonNull(records);
            }
        }
        return opened();
    }

    private void release() throws IOException {
        if (USERS.decrementAndGet(this) == 0 && closed) {
            closeUnused();
        }
    }

    private void closeUnused() throws IOException {
        synchronized (this) {
            FileRecords opened = records;
            if (opened == null || !USERS.compareAndSet(this, 0, SHUT)) {
                return;
            }
            records = null;
            opened.channel().close();
        }
        open.closed(this);
    }

    private FileRecords opened() throws IOException {
        try {
            return openOnce();
        } catch (IOException e) {
            if (!OpenFiles.mayBeTheLimit(e)) {
                throw e;
            }
            open.refused();
        }
        try {
            return openOnce();
        } catch (IOException e) {
            throw new IOException(
                    "cannot open " + path + ": " + e.getMessage() + " (" + open
                            + "). If the process has too many, raise its limit (ulimit -n) or lower broker.log.open.files.max",
                    e);
        }
    }

    /** Room is made before the monitor is taken, as that takes the monitors of others. */
    private FileRecords openOnce() throws IOException {
        open.reserve();
        boolean opening = false;
        try {
            synchronized (this) {
                if (closed) {
                    throw new NoSuchFileException(path.toString(), null, "closed, or deleted");
                }
                FileRecords opened = records;
                if (opened == null) {
                    opened = openFile();
                    records = opened;
                    users = 1;
                    opening = true;
                } else {
                    USERS.incrementAndGet(this);
                }
                return opened;
            }
        } finally {
            if (opening) {
                open.opened(this);
            } else {
                open.notOpened();
            }
        }
    }

    private FileRecords openFile() throws IOException {
        if (identified) {
            Files.readAttributes(path, BasicFileAttributes.class); // a file that is gone is not made anew
        }
        FileRecords opened = open.files().open(path);
        try {
            requireSame(opened);
            return opened;
        } catch (IOException e) {
            opened.channel().close();
            throw e;
        }
    }

    private void requireSame(FileRecords opened) throws IOException {
        Object found = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        if (!identified) {
            identity = found;
            identified = true;
        } else if (!Objects.equals(identity, found) || opened.sizeInBytes() < size) {
            throw new IOException(path + " is not the file that it was: something else has replaced it or cut it to "
                    + opened.sizeInBytes() + " of " + size + " bytes");
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
