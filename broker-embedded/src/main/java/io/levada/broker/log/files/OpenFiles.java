/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many log files are open at once, and which of them gives way to another: one that was not used for long, rather one with nothing to force. Only
 * opening and closing comes here; who uses a file that is open meets no lock.
 *
 * <p>A file is not taken from under whoever uses it, so the bound is passed by as many files as threads use at the same moment when all are in use.
 */
public final class OpenFiles {
    private static final int DEFAULT_MAX = 4096;
    /** How many files are looked at, at least, for one to give way, before one that would have to be forced does. */
    private static final int WINDOW = 64;

    private final int max;
    private final LogFiles files;
    /** The open ones, the one that was looked at longest ago first. */
    private final Set<LogFile> open = new LinkedHashSet<>();
    /** Those, the ones being opened, and the ones being closed. */
    private int count;

    /**
     * Nothing is open yet.
     *
     * @param max how many files may be open, at least 1
     * @param files the disk that they are on
     */
    public OpenFiles(int max, LogFiles files) {
        this.max = max;
        this.files = files;
    }

    /** Half of what the process may open, so that connections have the other; 4096 at most, and where nobody knows. */
    public static int defaultMax() {
        long limit = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : -1;
        return limit <= 0 ? DEFAULT_MAX : (int) Math.max(1, Math.min(DEFAULT_MAX, limit / 2));
    }

    /** The disk that they are on. */
    public LogFiles files() {
        return files;
    }

    /** As {@link LogFiles#forceFolder}, which needs a descriptor too. */
    public void forceFolder(Path folder) throws IOException {
        try {
            files.forceFolder(folder);
        } catch (IOException e) {
            if (!mayBeTheLimit(e)) {
                throw e;
            }
            refused();
            files.forceFolder(folder);
        }
    }

    /** How many are open now. */
    public synchronized int count() {
        return count;
    }

    /** Has another file give way if there are too many. {@link #opened} or {@link #notOpened} follows. */
    void reserve() {
        makeRoomFor(1);
        synchronized (this) {
            count++;
        }
    }

    synchronized void notOpened() {
        count--;
    }

    synchronized void opened(LogFile file) {
        if (file.isShut()) { // closed by its owner at once
            count--;
        } else {
            open.add(file);
        }
    }

    /** The file was closed by its owner. One that is just being looked at is told apart by {@link #opened}. */
    synchronized void closed(LogFile file) {
        if (open.remove(file)) {
            count--;
        }
    }

    /** The operating system refuses another file: a quarter of those that are open give way. */
    void refused() {
        makeRoomFor(Math.max(1, max - count() * 3 / 4));
    }

    /** Whether a failure to open may be for want of descriptors; the system tells it in the user's language only. */
    static boolean mayBeTheLimit(IOException failure) {
        return failure instanceof FileSystemException
                && !(failure instanceof NoSuchFileException)
                && !(failure instanceof AccessDeniedException);
    }

    private void makeRoomFor(int wanted) {
        int window = Math.max(WINDOW, count() - (max - wanted));
        for (int looked = 0; looked < 3 * window; looked++) {
            LogFile eldest = eldestIfMoreThan(max - wanted);
            if (eldest == null) {
                return;
            }
            boolean passed = looked < window && eldest.wasUsedSinceLooked();
            if (!passed && eldest.giveBack(looked >= 2 * window)) {
                notOpened();
            } else {
                opened(eldest);
            }
        }
    }

    private synchronized @Nullable LogFile eldestIfMoreThan(int allowed) {
        Iterator<LogFile> eldest = open.iterator();
        if (count <= allowed || !eldest.hasNext()) {
            return null;
        }
        LogFile next = eldest.next();
        eldest.remove();
        return next;
    }

    @Override
    public String toString() {
        return count() + " of at most " + max + " log files are open";
    }
}
