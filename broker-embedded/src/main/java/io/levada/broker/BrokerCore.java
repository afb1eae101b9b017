/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.ApiTable;
import io.levada.broker.clean.LogCleaner;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.fetch.FetchHandler;
import io.levada.broker.fetch.FetchSessions;
import io.levada.broker.group.GroupCoordinator;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.Retention;
import io.levada.broker.thread.Threads;
import io.levada.broker.topic.BrokerSettings;
import io.levada.broker.topic.DynamicSettings;
import io.levada.broker.topic.SettingsOnDisk;
import io.levada.broker.topic.Topics;
import io.levada.broker.txn.MarkerWriter;
import io.levada.broker.txn.OffsetsLog;
import io.levada.broker.txn.ProducerIds;
import io.levada.broker.txn.TransactionCoordinator;
import java.time.InstantSource;

/**
 * All of the broker but its network: answers requests. Its threads and its time come from outside, so that a simulation can be
 * both.
 */
final class BrokerCore implements AutoCloseable {
    private final OpenParts parts = new OpenParts();
    private final OpenParts waiters = new OpenParts();
    private final Cluster cluster;
    private final ApiTable apis;

    /** Opens the data directory and recovers what a crash left. Blocks until that is done; when it fails nothing stays open. */
    BrokerCore(BrokerConfig config, Threads threads, InstantSource clock) {
        try {
            LogConfig defaults = LogConfig.from(config.topics().configs());
            LogDirectory logs = parts.opened(LogDirectory.open(
                    config.dataDir(),
                    new SettingsOnDisk(config.dataDir(), defaults),
                    LogOptions.of(config.flush()).withOpenFilesMax(config.load().openFilesMax()),
                    clock,
                    threads));
            BrokerThreads executors =
                    parts.opened(new BrokerThreads(config.load().ioThreads(), threads));
            DynamicSettings dynamic = new DynamicSettings(config.dataDir());
            BrokerSettings settings = new BrokerSettings(config.described(), Cluster.NODE_ID, dynamic);
            Topics topics = new Topics(
                    logs, config.dataDir(), config.topics().with(settings.topicDefaults()), executors.topics());
            parts.opened(new Retention(logs).every(config.load().retentionInterval(), threads));
            parts.opened(LogCleaner.start(logs, config.cleaner(), clock, threads));
            ProducerIds producerIds = TakenProducerIds.after(config.dataDir(), logs, clock);
            cluster = new Cluster(logs.clusterId());
            FetchHandler fetch = waiters.opened(new FetchHandler(
                    topics,
                    new FetchSessions(config.load().fetchSessionsMax(), clock),
                    config.load().fetchBytesMax(),
                    executors.fetch(),
                    executors.deadlines()));
            GroupCoordinator groups =
                    waiters.opened(new GroupCoordinator(topics, config.groups(), executors.groups(), clock));
            OffsetsLog offsets = new GroupOffsetsLog(groups);
            MarkerWriter markers = new MarkerWriter(topics, executors::partition, offsets);
            TransactionCoordinator transactions = waiters.opened(new TransactionCoordinator(
                    topics, config.transactions(), producerIds, markers, executors.transactions(), clock));
            transactions.start();
            apis = new ServedApis(cluster, topics, settings, dynamic, executors, clock)
                    .table(
                            config,
                            fetch,
                            new ServedApis.TransactionParts(transactions, producerIds, markers, offsets),
                            groups);
        } catch (RuntimeException e) {
            waiters.closeBecauseOf(e);
            parts.closeBecauseOf(e);
            throw e;
        }
    }

    Cluster cluster() {
        return cluster;
    }

    /** What it serves. */
    ApiTable apis() {
        return apis;
    }

    /** Answers what waits for something to happen, while there is still someone to carry the answers. To be called before {@link #close}. */
    void answerWaiting() {
        waiters.close();
    }

    /** Runs what is queued, flushes, and marks the data directory as closed in good order. */
    @Override
    public void close() {
        waiters.close();
        parts.close();
    }
}
