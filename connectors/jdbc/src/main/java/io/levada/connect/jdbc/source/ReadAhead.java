/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.threads.ConnectorThread;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next batch while the worker converts and sends the last, on a thread of its own that holds the lock meanwhile. The task's thread
 * begins it and waits for it; any may end it.
 */
public final class ReadAhead implements AutoCloseable {

    private final ReadingSchedule schedule;
    private final ReentrantLock reading;
    private final ExecutorService thread;
    private @Nullable Future<?> underWay;

    /** @param reading held by whoever uses the schedule */
    public ReadAhead(String threadName, ReadingSchedule schedule, ReentrantLock reading) {
        this.schedule = schedule;
        this.reading = reading;
        this.thread = Executors.newSingleThreadExecutor(work -> ConnectorThread.daemon(threadName, work));
    }

    /** Begins to read what comes next, if a read is under way. */
    public void begin() {
        if (!schedule.isReading()) {
            return;
        }
        try {
            underWay = thread.submit(() -> {
                reading.lock();
                try {
                    schedule.readAhead();
                } finally {
                    reading.unlock();
                }
                return null;
            });
        } catch (RejectedExecutionException ignored) {
            // Closed by the stop of the task, which wants no more.
        }
    }

    /**
     * Waits for what was begun.
     *
     * @throws SQLException if that failed; what comes next is then read anew
     */
    public void await() throws SQLException, InterruptedException {
        Future<?> waitedFor = underWay;
        if (waitedFor == null) {
            return;
        }
        try {
            Object unused = waitedFor.get();
            underWay = null;
        } catch (ExecutionException e) {
            underWay = null;
            throw rethrown(e.getCause());
        } catch (CancellationException ignored) {
            underWay = null; // By the stop of the task.
        }
    }

    private static SQLException rethrown(@Nullable Throwable cause) {
        if (cause instanceof SQLException failed) {
            return failed;
        }
        if (cause instanceof RuntimeException failed) {
            throw failed;
        }
        if (cause instanceof Error failed) {
            throw failed;
        }
        throw new IllegalStateException(cause);
    }

    /** Nothing more is read; what is under way ends when its connection is closed. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
