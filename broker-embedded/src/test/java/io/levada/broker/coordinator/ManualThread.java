/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A coordinator's thread and clock, run by the test: tasks in order, timers when the time is moved. */
public final class ManualThread extends AbstractExecutorService implements ScheduledExecutorService, InstantSource {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(
            Comparator.<Timer>comparingLong(timer -> timer.dueMs).thenComparingLong(timer -> timer.number));
    private long nowMs = 1_000_000;
    private long made;

    /** Runs everything that is to be run now. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Moves the time on, running what becomes due when it does. */
    public void advance(long ms) {
        long until = nowMs + ms;
        run();
        for (Timer next = timers.peek(); next != null && next.dueMs <= until; next = timers.peek()) {
            timers.remove();
            nowMs = Math.max(nowMs, next.dueMs);
            next.run();
            run();
        }
        nowMs = until;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Timer timer = new Timer(command, nowMs + unit.toMillis(delay), made++);
        timers.add(timer);
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private static final class Timer extends FutureTask<Boolean> implements ScheduledFuture<Boolean> {
        private final long dueMs;
        private final long number;

        Timer(Runnable command, long dueMs, long number) {
            super(command, true);
            this.dueMs = dueMs;
            this.number = number;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueMs, TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueMs, other.getDelay(TimeUnit.MILLISECONDS));
        }
    }
}
