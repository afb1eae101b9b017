/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.task.TaskLog;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the offset commits of a sink task, of which only the newest matters, and notices when the brokers do not answer. A commit that has no
 * answer in time counts as failed then, and once: its answer may still come, and says no more than where the group is. On the task's
 * thread.
 */
final class CommitWatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(CommitWatch.class);

    private final TaskLog log;
    private final TaskMeter meter;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private int newest;
    private long newestSentNanos;
    /** Whether the newest waits for its answer. */
    private boolean waiting;
    /** Since when no commit at all was answered, where one waits: who commits often must not be taken for one that is answered. */
    private long silentSinceNanos;
    /** Whether the newest is counted, although it has no answer. */
    private boolean overdue;

    /**
     * @param timeout how long a commit may take
     * @param nanoTime as {@link System#nanoTime}
     */
    CommitWatch(TaskLog log, TaskMeter meter, Duration timeout, LongSupplier nanoTime) {
        this.log = log;
        this.meter = meter;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /** When something begins. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** A commit begins whose end is waited for; answers to those before it are late. */
    void blocking() {
        begin();
        waiting = false;
    }

    /**
     * A commit is sent.
     *
     * @return its number
     */
    int sent() {
        newestSentNanos = nanoTime();
        if (!waiting) {
            silentSinceNanos = newestSentNanos;
        }
        begin();
        waiting = true;
        return newest;
    }

    private void begin() {
        overdue = false;
        meter.sink().committing(++newest);
    }

    /**
     * A commit that was sent is answered.
     *
     * @param startNanos when it began
     * @return whether the group now has what it was sent for the newest
     */
    boolean answered(int number, long startNanos, boolean success) {
        if (number != newest) {
            silentSinceNanos = newestSentNanos; // Slow, but not silent.
            meter.sink().skippedCommit();
            return false;
        }
        waiting = false;
        if (!overdue) {
            ended(startNanos, success);
        } else if (success) {
            meter.sink().committed();
        }
        return success;
    }

    /** A commit has succeeded, or there was nothing to commit. */
    void succeeded(long startNanos) {
        ended(startNanos, true);
    }

    /** A commit has failed, or never came to be sent. */
    void failed(long startNanos) {
        ended(startNanos, false);
    }

    private void ended(long startNanos, boolean success) {
        meter.committed(nanoTime() - startNanos, success);
        if (success) {
            meter.sink().committed();
        }
    }

    /** How long to wait at most for an answer before {@link #check}; longer than any wait if there is none to come. */
    Duration patience() {
        return waiting ? Duration.ofNanos(Math.max(0, untilOverdueNanos())) : Duration.ofNanos(Long.MAX_VALUE);
    }

    /** Tells once of a commit that has no answer in time. To be called when answers that have come are heard. */
    void check() {
        if (!waiting || untilOverdueNanos() > 0) {
            return;
        }
        waiting = false;
        overdue = true;
        failed(silentSinceNanos);
        log.about(LOGGER.atWarn())
                .addKeyValue("timeout.ms", timeout.toMillis())
                .log("the brokers do not answer the offset commit in offset.flush.timeout.ms, it counts as failed");
    }

    private long untilOverdueNanos() {
        return silentSinceNanos + timeout.toNanos() - nanoTime();
    }
}
