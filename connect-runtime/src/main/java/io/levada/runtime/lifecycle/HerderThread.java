/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.diagnosis.FailureText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread, {@code levada-herder}, that owns a worker's view of its group and of what it runs, with its queue of
 * messages and deadlines. What runs here must not block.
 */
public final class HerderThread implements Executor, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HerderThread.class);

    private final ScheduledExecutorService executor;
    private final InstantSource clock;

    public HerderThread() {
        this(queue(), InstantSource.system());
    }

    /**
     * Another thread and another time.
     *
     * @param executor with one thread
     */
    public HerderThread(ScheduledExecutorService executor, InstantSource clock) {
        this.executor = executor;
        this.clock = clock;
    }

    private static ScheduledExecutorService queue() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "levada-herder");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** What time it is. */
    InstantSource clock() {
        return clock;
    }

    /** Runs a message; one that comes after the end is dropped, because nobody is left to act on it. */
    @Override
    public void execute(Runnable message) {
        try {
            executor.execute(() -> run(message));
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().log("message after the end dropped");
        }
    }

    /** Runs a message later, unless it is cancelled. */
    public ScheduledFuture<?> after(Duration delay, Runnable message) {
        return executor.schedule(() -> run(message), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Computes an answer; an exception becomes the failure of the stage. */
    public <T> CompletionStage<T> call(Supplier<? extends CompletionStage<T>> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> start(work, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new ConnectException("The worker is stopping", e));
        }
        return answer;
    }

    private static <T> void start(Supplier<? extends CompletionStage<T>> work, CompletableFuture<T> answer) {
        try {
            work.get().whenComplete((result, failure) -> {
                if (failure == null) {
                    answer.complete(result);
                } else {
                    answer.completeExceptionally(Failures.unwrap(failure));
                }
            });
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    private static void run(Runnable message) {
        try {
            message.run();
        } catch (Throwable e) {
            LOGGER.atError()
                    .setCause(FailureText.tellable(e))
                    .log("the herder could not handle a message; what it was about stays as it is");
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
