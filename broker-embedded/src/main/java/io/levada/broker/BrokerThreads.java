/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every thread of the broker, network and log apart. None is ever interrupted: that would close the log's files under other threads (a
 * {@link java.nio.channels.FileChannel} closes when a thread is interrupted in it).
 */
final class BrokerThreads implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerThreads.class);
    private static final int CLOSE_SECONDS_MAX = 30;
    private final List<ExecutorService> all = new ArrayList<>();
    private final List<Executor> partitions = new ArrayList<>();
    private final Executor topics;
    private final Executor fetch;
    private final ScheduledExecutorService groups;
    private final ScheduledExecutorService transactions;
    private final ScheduledExecutorService deadlines;

    BrokerThreads(int ioThreads) {
        for (int i = 0; i < ioThreads; i++) {
            partitions.add(owned(Executors.newSingleThreadExecutor(named("levada-partition-" + i))));
        }
        topics = owned(Executors.newSingleThreadExecutor(named("levada-topics")));
        fetch = owned(fetchPool(ioThreads));
        groups = owned(scheduler("levada-groups"));
        transactions = owned(scheduler("levada-transactions"));
        deadlines = owned(scheduler("levada-deadlines"));
    }

    /** Appends of one partition run one at a time, in order. */
    Executor partition(TopicPartition partition) {
        return partitions.get(Math.floorMod(partition.hashCode(), partitions.size()));
    }

    /** Changes of the topic catalogue, one at a time. */
    Executor topics() {
        return topics;
    }

    /** Reads of the log. */
    Executor fetch() {
        return fetch;
    }

    /** The single thread of the group coordinator. */
    ScheduledExecutorService groups() {
        return groups;
    }

    /** The single thread of the transaction coordinator. */
    ScheduledExecutorService transactions() {
        return transactions;
    }

    /** For timers that only hand over to others. */
    ScheduledExecutorService deadlines() {
        return deadlines;
    }

    /** Runs what is queued, then ends. */
    @Override
    public void close() {
        all.forEach(ExecutorService::shutdown);
        for (ExecutorService executor : all) {
            try {
                if (!executor.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                    LOGGER.atWarn().log("a broker thread did not end in time");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private <E extends ExecutorService> E owned(E executor) {
        all.add(executor);
        return executor;
    }

    private static ExecutorService fetchPool(int threads) {
        AtomicInteger number = new AtomicInteger();
        // Bounded by the connections: each has one fetch at most.
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> named("levada-fetch-" + number.getAndIncrement()).newThread(task));
    }

    private static ScheduledExecutorService scheduler(String name) {
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
