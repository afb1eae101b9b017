/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the owner of a task wants of it. Set by the owner's thread, obeyed by the task's; guarded because the task waits
 * for changes.
 */
public final class TaskControl {
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Object changed = new Object();
    private volatile boolean paused;
    private volatile Runnable waker = () -> {};

    public TaskControl(boolean paused) {
        this.paused = paused;
    }

    /** Asks to pause or to go on. */
    public void pause(boolean wanted) {
        synchronized (changed) {
            paused = wanted;
            changed.notifyAll();
        }
        waker.run();
    }

    /** Asks to stop, for good. */
    public void stop() {
        stopping.countDown();
        synchronized (changed) {
            changed.notifyAll();
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

    /** Opens when the task is to stop. */
    public CountDownLatch stopSignal() {
        return stopping;
    }

    /** Waits as long as the task is paused and not stopping. */
    public void awaitResumed() throws InterruptedException {
        synchronized (changed) {
            while (paused && !stopping()) {
                changed.wait();
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
        boolean unused = stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
