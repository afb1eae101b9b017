/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time, for a record that is tried again. */
public interface RetryClock {
    /** Monotonic nanoseconds. */
    long nanos();

    /**
     * Waits.
     *
     * @return at once and true if the task is to stop
     */
    boolean await(Duration delay) throws InterruptedException;

    /** The real one. */
    static RetryClock until(CountDownLatch stopping) {
        return new RetryClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public boolean await(Duration delay) throws InterruptedException {
                return stopping.await(delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        };
    }
}
