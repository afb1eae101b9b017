/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.logging.LogContext;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits a source task's offsets every so often, on the flushing threads; one commit of a task at a time. */
final class Flushes implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Flushes.class);

    private final TaskId id;
    private final OffsetCommit commit;
    private final ScheduledExecutorService threads;
    private final Duration interval;
    private @Nullable Future<?> schedule;

    Flushes(TaskId id, OffsetCommit commit, ScheduledExecutorService threads, Duration interval) {
        this.id = id;
        this.commit = commit;
        this.threads = threads;
        this.interval = interval;
    }

    void start() {
        schedule = threads.scheduleWithFixedDelay(
                () -> LogContext.ofOffsets(id).run(this::flush),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void flush() {
        try {
            boolean unused = commit.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // The schedule would end silently with it: commit() of a plugin may throw anything.
            LOGGER.atError()
                    .addKeyValue("connector", id.connector())
                    .addKeyValue("task", id.task())
                    .setCause(e)
                    .log("offset commit failed");
        }
    }

    @Override
    public void close() {
        if (schedule != null) {
            schedule.cancel(false);
        }
    }
}
