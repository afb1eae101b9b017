/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.threads.ApartThreads;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that commit source offsets. A commit waits for its brokers and calls the plugin, which may never come back:
 * so each has a thread of its own while it runs, and a clock of its own that no plugin can stop. There are never more than
 * there are tasks, as a task's next commit is planned after the one before.
 */
public final class FlushThreads implements AutoCloseable {
    private final ScheduledExecutorService clock;
    private final ExecutorService commits;

    public FlushThreads() {
        this(clock(), Executors.newCachedThreadPool(named("levada-offset-flush")));
    }

    /**
     * Other threads.
     *
     * @param clock tells when, and does nothing that blocks
     * @param commits has a thread for each commit, or commits wait for each other
     */
    public FlushThreads(ScheduledExecutorService clock, ExecutorService commits) {
        this.clock = clock;
        this.commits = commits;
    }

    private static ScheduledExecutorService clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, named("levada-offset-clock"));
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private static ThreadFactory named(String name) {
        return task -> ApartThreads.of(name, task);
    }

    /**
     * Runs a commit later, unless what comes back is cancelled.
     *
     * @throws RejectedExecutionException once closed
     */
    public Future<?> after(Duration delay, Runnable commit) {
        return clock.schedule(() -> hand(commit), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void hand(Runnable commit) {
        if (!commits.isShutdown()) {
            commits.execute(commit);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        commits.shutdownNow();
    }
}
