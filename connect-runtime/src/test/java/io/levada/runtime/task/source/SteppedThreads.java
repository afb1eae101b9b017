/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Time that passes as soon as somebody waits, unless what happens meanwhile ends the wait. */
final class SteppedThreads implements TaskThreads {
    private static final long STEP_MS = 1_000;

    /** What happens while somebody waits for a change, at each step. */
    Runnable meanwhile = () -> {};

    Duration waited = Duration.ZERO;
    private boolean woken;

    @Override
    public long nanoTime() {
        return waited.toNanos();
    }

    @Override
    public void await(Object monitor, long ms) {
        woken = false;
        meanwhile.run();
        if (!woken) {
            waited = waited.plusMillis(Math.min(ms, STEP_MS));
        }
    }

    @Override
    public void wake(Object monitor) {
        woken = true;
    }

    @Override
    public <T> T get(CompletionStage<T> answer, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!answer.toCompletableFuture().isDone()) {
            waited = waited.plus(timeout);
        }
        return answer.toCompletableFuture().get(0, TimeUnit.MILLISECONDS);
    }
}
