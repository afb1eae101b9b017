/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.thread;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
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
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named(name));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((failed, cause) -> LOGGER.atError()
                    .addKeyValue("thread", failed.getName())
                    .setCause(cause)
                    .log("a task failed"));
            return thread;
        };
    }
}
