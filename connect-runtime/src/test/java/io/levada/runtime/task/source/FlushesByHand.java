/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.task.FlushThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Flushing threads whose clock a test moves, and whose commits run when the test says so. Used by one thread. */
final class FlushesByHand implements AutoCloseable {
    private final Clock clock = new Clock();
    private final Handed handed = new Handed();
    final FlushThreads threads = new FlushThreads(clock, handed);

    private record Planned(Duration delay, Runnable work, ScheduledFuture<?> handle) {}

    /** Never rings by itself. */
    private static final class Clock extends ScheduledThreadPoolExecutor {
        private final List<Planned> planned = new ArrayList<>();

        private Clock() {
            super(1, work -> {
                Thread thread = new Thread(work, "clock-by-hand");
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            ScheduledFuture<?> handle = super.schedule(work, 1_000, TimeUnit.DAYS);
            planned.add(new Planned(Duration.of(delay, unit.toChronoUnit()), work, handle));
            return handle;
        }
    }

    private static final class Handed extends AbstractExecutorService {
        private final Deque<Runnable> commits = new ArrayDeque<>();
        private boolean shutdown;

        @Override
        public void execute(Runnable commit) {
            commits.add(commit);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    /** After which times commits are planned that are not due yet. */
    List<Duration> planned() {
        clock.planned.removeIf(next -> next.handle.isCancelled());
        return clock.planned.stream().map(Planned::delay).toList();
    }

    /** The time has come: a thread is given the planned commit, if there is one. */
    void ring() {
        if (!planned().isEmpty()) {
            clock.planned.remove(0).work.run();
        }
    }

    /** The commit that a thread was given; does nothing if there is none. */
    Runnable taken() {
        Runnable commit = handed.commits.poll();
        return commit == null ? () -> {} : commit;
    }

    /** The time has come, and the commit runs. */
    void flush() {
        ring();
        taken().run();
    }

    @Override
    public void close() {
        threads.close();
    }
}
