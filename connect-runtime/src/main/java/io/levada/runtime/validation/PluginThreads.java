/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.threads.ApartThreads;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call plugins, {@code levada-validation-<n>}: at most {@value #THREADS} at a time, at most {@value #WAITING} calls waiting, each
 * within a time limit. A call that is not back at its limit is interrupted, and another thread takes the place of its own, so that plugins that hang
 * hold up nobody else; until {@value #HUNG_MAX} hang, each of which is a thread.
 */
final class PluginThreads implements AutoCloseable {
    static final int THREADS = 4;
    static final int WAITING = 100;
    private static final int HUNG_MAX = 100;

    private final Duration limit;
    private final int hungMax;
    private final ThreadPoolExecutor threads;
    /** Guarded by this. */
    private int hung;

    PluginThreads(Duration limit) {
        this(limit, HUNG_MAX);
    }

    /** @param hungMax of so many that hang the place is taken by another */
    PluginThreads(Duration limit, int hungMax) {
        this.limit = limit;
        this.hungMax = hungMax;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                work -> ApartThreads.of("levada-validation-" + number.getAndIncrement(), work));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Fails with what the work threw, {@link TimeoutException}, or {@link TooManyValidationsException}. */
    <T> CompletionStage<T> run(Supplier<T> work) {
        Call<T> call = new Call<>(work);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException e) {
            call.answer.completeExceptionally(new TooManyValidationsException(WAITING, e));
        }
        return call.answer.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, failure) -> {
            if (failure instanceof TimeoutException) {
                call.giveUp();
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private synchronized void hung(int more) {
        hung += more;
        int size = THREADS + Math.min(hung, hungMax);
        if (more > 0) {
            threads.setMaximumPoolSize(size);
            threads.setCorePoolSize(size);
        } else {
            threads.setCorePoolSize(size);
            threads.setMaximumPoolSize(size);
        }
    }

    private final class Call<T> implements Runnable {
        private final Supplier<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        /** This and the next are guarded by this call. */
        private @Nullable Thread runner;

        private boolean givenUp;

        private Call(Supplier<T> work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!begun()) {
                return;
            }
            try {
                answer.complete(work.get());
            } catch (Throwable e) { // plugin code on our thread: its errors belong to the answer
                answer.completeExceptionally(PluginLoadException.explained(e, null));
            } finally {
                ended();
            }
        }

        /** False if nobody waits for it any more. */
        private synchronized boolean begun() {
            if (answer.isDone()) {
                return false;
            }
            runner = Thread.currentThread();
            return true;
        }

        private synchronized void ended() {
            runner = null;
            if (givenUp) {
                hung(-1);
            }
        }

        private synchronized void giveUp() {
            if (runner != null && !givenUp) {
                givenUp = true;
                runner.interrupt();
                hung(1);
            }
        }
    }
}
