/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Stands for one thread, or a pool of some: tasks wait in a queue, and each runs whole at a moment that chance decides. A single thread keeps their order, a
 * pool may take any of the first ones, as many as it has threads.
 */
final class Lane extends AbstractExecutorService implements ScheduledExecutorService {
    private final SimulatedThreads threads;
    private final String name;
    private final int size;
    private final List<Runnable> queue = new ArrayList<>();
    private int busy;
    private boolean shutDown;

    Lane(SimulatedThreads threads, String name, int size) {
        this.threads = threads;
        this.name = name;
        this.size = size;
    }

    @Override
    public void execute(Runnable task) {
        if (shutDown) {
            throw new RejectedExecutionException(name + " is shut down");
        }
        queue.add(task);
        if (threads.isStopping()) {
            threads.runQueued();
        } else if (busy < size) {
            busy++;
            threads.soon(this);
        }
    }

    /** The moment of one task has come. */
    void turn() {
        runOne();
        if (queue.size() >= busy) {
            threads.soon(this);
        } else {
            busy--;
        }
    }

    /** Runs a task if there is one. */
    boolean runOne() {
        if (queue.isEmpty()) {
            return false;
        }
        Runnable task = queue.remove(threads.choose(Math.min(size, queue.size())));
        threads.run(name, task);
        return true;
    }

    /** Runs all of them at once: the callers that wait for a result have no other thread to wait for. */
    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) {
        List<Future<T>> results = new ArrayList<>();
        for (Callable<T> task : tasks) {
            FutureTask<T> result = new FutureTask<>(task);
            result.run();
            results.add(result);
        }
        return results;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        // A future would keep what escapes the task to itself.
        Timer<Void> timer = new Timer<>(() -> {
            threads.run(name, task);
            return null;
        });
        timer.arm(unit.toNanos(delay));
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        Timer<V> timer = new Timer<>(task);
        timer.arm(unit.toNanos(delay));
        return timer;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(task, first, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        Repeated repeated = new Repeated(task, unit.toNanos(delay));
        repeated.arm(unit.toNanos(first));
        return repeated;
    }

    @Override
    public void shutdown() {
        shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutDown = true;
        List<Runnable> dropped = List.copyOf(queue);
        queue.clear();
        return dropped;
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown && queue.isEmpty();
    }

    /** Who waits for the end of the queue is the only one who can bring it about. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        boolean ran = true;
        while (ran) {
            ran = runOne();
        }
        return true;
    }

    @Override
    public String toString() {
        return name;
    }

    private class Timer<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private long dueNanos;

        Timer(Callable<V> task) {
            super(task);
        }

        void arm(long delayNanos) {
            dueNanos = threads.nanos() + delayNanos;
            threads.after(delayNanos, () -> {
                if (!shutDown && !isCancelled()) {
                    execute(this);
                }
            });
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - threads.nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    private final class Repeated extends Timer<Void> {
        private final long delayNanos;

        Repeated(Runnable task, long delayNanos) {
            super(() -> {
                threads.run(name, task);
                return null;
            });
            this.delayNanos = delayNanos;
        }

        @Override
        public void run() {
            if (runAndReset()) {
                arm(delayNanos);
            }
        }
    }
}
