/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.logging.LogContext;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.TaskLog;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a source task's offsets every so often, on the flushing threads; one commit of a task at a time, the next an
 * interval after it. May be closed by any thread: one that runs goes on, which whoever commits next waits for, and none
 * begins any more.
 */
final class Flushes implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Flushes.class);

    private final TaskLog log;
    private final OffsetCommit commit;
    private final FlushThreads threads;
    private final Duration interval;
    private @Nullable Future<?> next;
    private boolean closed;

    Flushes(TaskLog log, OffsetCommit commit, FlushThreads threads, Duration interval) {
        this.log = log;
        this.commit = commit;
        this.threads = threads;
        this.interval = interval;
    }

    /** Plans the next commit, unless closed. */
    synchronized void start() {
        if (closed) {
            return;
        }
        try {
            next = threads.after(interval, this::flush);
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().log("no more commits are planned, the worker is closing");
        }
    }

    private void flush() {
        try (LogContext.Scope scope = LogContext.ofOffsets(log.id()).enter()) {
            LOGGER.atTrace().addKeyValue("context", scope).log("offset commit begins");
            commit.runIf(this::isOpen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            log.cause(LOGGER.atError(), e).log("offset commit failed");
        } finally {
            start();
        }
    }

    private synchronized boolean isOpen() {
        return !closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
