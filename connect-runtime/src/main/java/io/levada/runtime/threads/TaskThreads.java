/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The threads of tasks, their waits and their clock, in one place, so that a simulation can have others. Whoever waits here
 * for a change of something that is guarded is woken here too.
 */
public interface TaskThreads {
    /** Threads and time as Java has them. */
    TaskThreads REAL = new TaskThreads() {};

    /** Starts a daemon thread, for code of plugins too. */
    default Thread start(String name, Runnable work) {
        Thread thread = ApartThreads.of(name, work);
        thread.start();
        return thread;
    }

    /** As {@link System#nanoTime}. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /**
     * As {@link Object#wait(long)}, by the owner of the monitor; may come back without a reason.
     *
     * @param ms 0 waits for as long as it takes
     */
    @SuppressWarnings("WaitNotInLoop") // The caller's business.
    default void await(Object monitor, long ms) throws InterruptedException {
        monitor.wait(ms);
    }

    /** As {@link Object#notifyAll}, by the owner of the monitor. */
    default void wake(Object monitor) {
        monitor.notifyAll();
    }

    /** Waits for an answer. */
    default <T> T get(CompletionStage<T> answer, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
