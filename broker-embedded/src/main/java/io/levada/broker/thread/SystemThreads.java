/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.thread;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Daemon threads; what escapes a task is logged with the thread's name. */
final class SystemThreads implements Threads {
    private static final Logger LOGGER = LoggerFactory.getLogger(SystemThreads.class);

    @Override
    public ExecutorService single(String name) {
        return Executors.newSingleThreadExecutor(named(name));
    }

    @Override
    public ExecutorService pool(String name, int size) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(
                size, task -> named(name + "-" + number.getAndIncrement()).newThread(task));
    }

    @Override
    public ScheduledExecutorService scheduler(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named(name)) {
            /** It keeps what escapes a task for whoever asks for the result, and nobody does. */
            @Override
            protected void afterExecute(Runnable task, @Nullable Throwable escaped) {
                if (escaped == null && task instanceof Future<?> done && done.isDone() && !done.isCancelled()) {
                    tellOfFailure(done);
                }
            }
        };
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    private static void tellOfFailure(Future<?> done) {
        try {
            Object ignored = done.get();
        } catch (ExecutionException e) {
            failed(Thread.currentThread(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(SystemThreads::failed);
            return thread;
        };
    }

    private static void failed(Thread thread, @Nullable Throwable cause) {
        LOGGER.atError().addKeyValue("thread", thread.getName()).setCause(cause).log("a task failed");
    }
}
