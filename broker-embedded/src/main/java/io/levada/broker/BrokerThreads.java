/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.thread.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every executor of the broker, network and log apart. */
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

    BrokerThreads(int ioThreads, Threads threads) {
        for (int i = 0; i < ioThreads; i++) {
            partitions.add(owned(threads.single("levada-partition-" + i)));
        }
        topics = owned(threads.single("levada-topics"));
        // Its queue is bounded by the connections: each has one fetch at most.
        fetch = owned(threads.pool("levada-fetch", ioThreads));
        groups = owned(threads.scheduler("levada-groups"));
        transactions = owned(threads.scheduler("levada-transactions"));
        deadlines = owned(threads.scheduler("levada-deadlines"));
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
}
