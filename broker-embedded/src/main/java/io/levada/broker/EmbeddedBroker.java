/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.ApiTable;
import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Throttle;
import io.levada.broker.clean.LogCleaner;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.fetch.FetchHandler;
import io.levada.broker.fetch.FetchSessions;
import io.levada.broker.group.GroupCoordinator;
import io.levada.broker.log.LogConfig;
import io.levada.broker.log.LogDirectory;
import io.levada.broker.log.LogDirectoryException;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.Retention;
import io.levada.broker.network.BrokerServer;
import io.levada.broker.network.Endpoint;
import io.levada.broker.topic.BrokerSettings;
import io.levada.broker.topic.DynamicSettings;
import io.levada.broker.topic.SettingsOnDisk;
import io.levada.broker.topic.Topics;
import io.levada.broker.txn.MarkerWriter;
import io.levada.broker.txn.OffsetsLog;
import io.levada.broker.txn.ProducerIds;
import io.levada.broker.txn.TransactionCoordinator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker inside this process: one node, its own controller, reached over TCP by any Kafka client.
 *
 * <p>{@link #start} and {@link #close} block and may be called from any thread that nobody interrupts.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedBroker.class);
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<Endpoint> bound = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Cluster cluster;

    private EmbeddedBroker(BrokerConfig config, Authorizer authorizer, Throttle throttle) throws IOException {
        try {
            LogConfig defaults = LogConfig.from(config.topics().configs());
            LogDirectory logs = opened(LogDirectory.open(
                    config.dataDir(),
                    new SettingsOnDisk(config.dataDir(), defaults),
                    LogOptions.of(config.flush()),
                    InstantSource.system()));
            BrokerThreads threads = opened(new BrokerThreads(config.load().ioThreads()));
            DynamicSettings dynamic = new DynamicSettings(config.dataDir());
            BrokerSettings settings = new BrokerSettings(config.described(), Cluster.NODE_ID, dynamic);
            Topics topics = new Topics(
                    logs, config.dataDir(), config.topics().with(settings.topicDefaults()), threads.topics());
            opened(new Retention(logs).every(config.load().retentionInterval()));
            opened(LogCleaner.start(logs, config.cleaner(), InstantSource.system()));
            ProducerIds producerIds = TakenProducerIds.after(config.dataDir(), logs);
            cluster = new Cluster(logs.clusterId());
            BrokerServer server =
                    opened(new BrokerServer(config.connections(), config.load().networkThreads()));
            FetchHandler fetch = opened(new FetchHandler(
                    topics,
                    new FetchSessions(config.load().fetchSessionsMax(), InstantSource.system()),
                    config.load().fetchBytesMax(),
                    threads.fetch(),
                    threads.deadlines()));
            GroupCoordinator groups =
                    opened(new GroupCoordinator(topics, config.groups(), threads.groups(), InstantSource.system()));
            OffsetsLog offsets = new GroupOffsetsLog(groups);
            MarkerWriter markers = new MarkerWriter(topics, threads::partition, offsets);
            TransactionCoordinator transactions = opened(new TransactionCoordinator(
                    topics,
                    config.transactions(),
                    producerIds,
                    markers,
                    threads.transactions(),
                    InstantSource.system()));
            transactions.start();
            ApiTable apis = new ServedApis(cluster, topics, settings, dynamic, threads)
                    .table(
                            config,
                            fetch,
                            new ServedApis.TransactionParts(transactions, producerIds, markers, offsets),
                            groups);
            listen(config, server, new Dispatcher(apis, authorizer, throttle));
        } catch (IOException | RuntimeException e) {
            closeParts(e);
            throw e;
        }
    }

    /**
     * Opens the data directory, recovers what a crash left, and serves.
     *
     * @throws BrokerStartException if it cannot; nothing stays open then
     */
    public static EmbeddedBroker start(BrokerConfig config) {
        return start(config, Authorizer.ALLOW_ALL, Throttle.NONE);
    }

    /** The same, with rules of who may do what, and how fast. */
    static EmbeddedBroker start(BrokerConfig config, Authorizer authorizer, Throttle throttle) {
        try {
            EmbeddedBroker broker = new EmbeddedBroker(config, authorizer, throttle);
            LOGGER.atInfo()
                    .addKeyValue("listeners", broker.addresses())
                    .addKeyValue("advertised", broker.advertised())
                    .addKeyValue("dataDir", config.dataDir().toAbsolutePath())
                    .log("broker started");
            return broker;
        } catch (BrokerStartException e) {
            throw e;
        } catch (LogDirectoryException e) {
            throw new BrokerStartException(String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            // Whatever else stands in the way, the caller gets one line; the cause keeps the rest.
            Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
            throw new BrokerStartException("the broker cannot start: " + cause.getMessage(), e);
        }
    }

    /** {@code host:port} for clients on this machine, separated by commas, in the order of {@code broker.listeners}. */
    public String bootstrapServers() {
        return String.join(",", bound.stream().map(Advertised::reachable).toList());
    }

    /** Where it really listens: {@code 0.0.0.0:9092} if others can reach it. */
    private String addresses() {
        return String.join(",", bound.stream().map(Endpoint::address).toList());
    }

    /** What clients are told to connect to. */
    private String advertised() {
        return String.join(
                ",",
                bound.stream()
                        .map(served -> cluster.node(served.listener()))
                        .map(node -> node.host() + ":" + node.port())
                        .distinct()
                        .toList());
    }

    /** The id of the cluster, which stays with the data directory. */
    public String clusterId() {
        return cluster.id();
    }

    /** Stops accepting, answers what is in flight, flushes, and marks the data directory as closed in good order. Further calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeParts(null);
        }
    }

    private void listen(BrokerConfig config, BrokerServer server, Dispatcher dispatcher) throws IOException {
        for (Endpoint endpoint : config.listeners()) {
            try {
                Endpoint served = server.listen(endpoint, dispatcher);
                bound.add(served);
                Node told = Advertised.node(served, config.advertised());
                cluster.advertise(served.listener(), told);
                if (!served.isLoopback() && new Endpoint(served.listener(), told.host(), told.port()).isLoopback()) {
                    LOGGER.atWarn()
                            .addKeyValue("listener", served.address())
                            .addKeyValue("advertised", told.host() + ":" + told.port())
                            .log("clients on other machines are told an address that means themselves; set "
                                    + BrokerConfigKeys.ADVERTISED_LISTENERS + " to one that they reach");
                }
            } catch (IOException e) {
                throw new BrokerStartException(
                        "the broker cannot listen on " + endpoint.address() + " (" + e.getMessage()
                                + "); stop what uses that port or give another one in " + BrokerConfigKeys.LISTENERS,
                        e);
            }
        }
    }

    private <P extends AutoCloseable> P opened(P part) {
        parts.push(part);
        return part;
    }

    private void closeParts(@Nullable Throwable reason) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (reason != null) {
                    reason.addSuppressed(e);
                } else {
                    LOGGER.atError().setCause(e).log("a part of the broker did not close");
                }
            }
        }
    }
}
