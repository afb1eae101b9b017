/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.task.errors.RetryClock;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * What the owner of a task wants of it. Set by the owner's thread, obeyed by the task's; guarded because the task waits
 * for changes.
 */
public final class TaskControl implements RetryClock {
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Object changed = new Object();
    private final TaskThreads threads;
    private volatile boolean paused;
    private volatile Runnable waker = () -> {};

    public TaskControl(boolean paused) {
        this(paused, TaskThreads.REAL);
    }

    /** @param threads what the task waits by */
    public TaskControl(boolean paused, TaskThreads threads) {
        this.paused = paused;
        this.threads = threads;
    }

    /** By which the task's parts wait, and tell the time. */
    public TaskThreads threads() {
        return threads;
    }

    /** Asks to pause or to go on. */
    public void pause(boolean wanted) {
        synchronized (changed) {
            paused = wanted;
            threads.wake(changed);
        }
        waker.run();
    }

    /** Asks to stop, for good. */
    public void stop() {
        stopping.countDown();
        synchronized (changed) {
            threads.wake(changed);
        }
        waker.run();
    }

    /** Called after every change, by the thread that made it; must not block. */
    public void onChange(Runnable wake) {
        this.waker = wake;
    }

    public boolean paused() {
        return paused;
    }

    public boolean stopping() {
        return stopping.getCount() == 0;
    }

    /** Waits as long as the task is paused and not stopping. */
    public void awaitResumed() throws InterruptedException {
        synchronized (changed) {
            while (paused && !stopping()) {
                threads.await(changed, 0);
            }
        }
    }

    /** If paused, says so and waits as {@link #awaitResumed} does. */
    public void awaitResumedOrPaused(Runnable onPaused) throws InterruptedException {
        if (paused && !stopping()) {
            onPaused.run();
            awaitResumed();
        }
    }

    /** Waits, but no longer than until the task is to stop. */
    public void sleep(Duration time) throws InterruptedException {
        long endNanos = threads.nanoTime() + time.toNanos();
        synchronized (changed) {
            long leftMs = time.toMillis();
            while (!stopping() && leftMs > 0) {
                threads.await(changed, leftMs);
                leftMs = (endNanos - threads.nanoTime()) / 1_000_000;
            }
        }
    }

    @Override
    public long nanos() {
        return threads.nanoTime();
    }

    @Override
    public boolean await(Duration delay) throws InterruptedException {
        sleep(delay);
        return stopping();
    }
}
