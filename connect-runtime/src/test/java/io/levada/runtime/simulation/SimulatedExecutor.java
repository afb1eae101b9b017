/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.simulation.Fibers.Fiber;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One thread with a queue, or a thread for each task. */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
    private final Fibers fibers;
    private final WorkerProcess process;
    private final String name;
    private final boolean single;
    private final LongUnaryOperator delays;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private @Nullable Fiber thread;

    /** @param delays what becomes of the nanoseconds that something is put off for */
    SimulatedExecutor(Fibers fibers, WorkerProcess process, String name, boolean single, LongUnaryOperator delays) {
        this.fibers = fibers;
        this.process = process;
        this.name = name;
        this.single = single;
        this.delays = delays;
    }

    @Override
    public void execute(Runnable task) {
        fibers.turn();
        run(task);
    }

    private void run(Runnable task) {
        if (!single) {
            Fiber unused = fibers.start(process, name, task);
            return;
        }
        queue.add(task);
        Fiber open = thread;
        if (open == null) {
            thread = fibers.start(process, name, this::work);
        } else {
            fibers.wake(open);
        }
    }

    private void work() {
        while (true) {
            Runnable task = queue.poll();
            if (task == null) {
                try {
                    fibers.park(-1);
                } catch (InterruptedException ignored) {
                    // Nobody means this thread: looked at again.
                }
            } else {
                task.run();
            }
        }
    }

    private final class Later<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long atNanos;

        private Later(Callable<V> call, long atNanos) {
            super(call);
            this.atNanos = atNanos;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - fibers.nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> call, long delay, TimeUnit unit) {
        fibers.turn();
        long nanos = delays.applyAsLong(unit.toNanos(delay));
        Later<V> later = new Later<>(call, fibers.nanos() + nanos);
        fibers.after(nanos, () -> {
            if (!process.isDead() && !later.isCancelled()) {
                run(later);
            }
        });
        return later;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    task.run();
                    return true;
                },
                delay,
                unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
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
}
