/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what has its own time anyway, such as what is closed: a thread that is interrupted, as that of a worker that stops may be, waits for it like any other. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** As {@link Future#get(long, TimeUnit)}; an interruption is for whatever the thread does next. */
    public static <T> T get(Future<T> answer, Duration timeMax) throws ExecutionException, TimeoutException {
        long end = System.nanoTime() + timeMax.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
