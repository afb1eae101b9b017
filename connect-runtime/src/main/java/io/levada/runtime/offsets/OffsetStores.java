/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.config.InternalTopic;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.topics.InternalTopicCreation;
import io.levada.runtime.topics.LogOwner;
import io.levada.runtime.topics.TopicLogs;
import io.levada.runtime.topics.TopicLogs.LogSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Opens the offsets of connectors: in the worker's topic, or in one of their own. Safe for use by many threads. */
public final class OffsetStores {
    /** The connector's key that names a topic of its own. */
    public static final String TOPIC = "offsets.storage.topic";

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private final InternalTopic workersTopic;
    private final OffsetStore workers;
    private final ClientConfigs clients;

    /** @param workers reads and writes {@code workersTopic}, and is open as long as this */
    public OffsetStores(InternalTopic workersTopic, OffsetStore workers, ClientConfigs clients) {
        this.workersTopic = workersTopic;
        this.workers = workers;
        this.clients = clients;
    }

    /**
     * Whether {@link #open} may have to reach brokers, and therefore block.
     *
     * @param config of the connector, resolved or not
     */
    public boolean mayBlock(Map<String, @Nullable String> config) {
        return mayBeApart(config, clients.transactional(), clients.workersProducer());
    }

    /**
     * Whether a source connector may have its offsets elsewhere than the worker: in a topic that it names, or where its transactions are.
     *
     * @param config of the connector, resolved or not
     * @param transactional whether sources write in transactions
     * @param workersProducer the worker's settings of connectors' producers, without prefix
     */
    public static boolean mayBeApart(
            Map<String, @Nullable String> config, boolean transactional, Map<String, String> workersProducer) {
        return config.get(TOPIC) != null || (transactional && ClientConfigs.mayWriteElsewhere(config, workersProducer));
    }

    /**
     * Opens a connector's offsets. One with a topic of its own has it created like the worker's, compacted, and read to its
     * end: that blocks. If it fails, nothing stays open.
     *
     * <p>A topic is the connector's own if it names one, or if the offsets are written in transactions and its producer writes to another
     * cluster than the worker's: there it has the name of the worker's, unless it is given another (KIP-618).
     *
     * @param config of the connector, resolved
     * @throws ConnectException if the own topic cannot be made, would lose offsets, or cannot be read in time
     */
    public ConnectorOffsets open(ConnectorName connector, Map<String, @Nullable String> config) {
        String named = Settings.text(config, TOPIC);
        boolean elsewhere = (named != null || clients.transactional()) && clients.writesElsewhere(connector, config);
        String topic = named == null ? workersTopic.name() : named;
        if (topic.equals(workersTopic.name()) && !elsewhere) {
            return workers(connector);
        }
        Map<String, Object> admin = clients.sourceAdmin("connector-offset-adminclient-" + connector, connector, config);
        try (Admin open = Admin.create(admin)) {
            if (topic.equals(workersTopic.name()) && isWorkersCluster(open, connector)) {
                return workers(connector);
            }
            new InternalTopicCreation(open)
                    .ensureOffsets(new InternalTopic(
                            topic,
                            workersTopic.partitions(),
                            workersTopic.replicationFactor(),
                            workersTopic.settings()));
        }
        return read(
                connector,
                topic,
                new TopicLogs(
                        LogOwner.connector(connector, topic),
                        new LogSettings(
                                clients.offsetConsumer(connector, config),
                                clients.offsetProducer(connector, config),
                                admin)));
    }

    private ConnectorOffsets workers(ConnectorName connector) {
        return new TopicOffsets(connector, workers, workersTopic.name());
    }

    /** By another address: a copy of the offsets in the topic itself would come after newer ones. */
    private boolean isWorkersCluster(Admin admin, ConnectorName connector) {
        try {
            return clients.clusterId()
                    .equals(admin.describeCluster().clusterId().get(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException(
                    "Interrupted while asking for the cluster that connector " + connector + " writes to", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectException("Cannot reach the cluster that connector " + connector + " writes to: " + e, e);
        }
    }

    private ConnectorOffsets read(ConnectorName connector, String topic, TopicLogs logs) {
        boolean read = false;
        try {
            OffsetStore own = new OffsetStore();
            own.writeTo(logs.add(topic, own));
            logs.start().toCompletableFuture().get(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            read = true;
            return new OwnOffsets(connector, new TopicOffsets(connector, own, topic), workers(connector), logs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException(
                    "Interrupted while reading " + TOPIC + "=" + topic + " of connector " + connector, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectException(
                    "Cannot read " + TOPIC + "=" + topic + " of connector " + connector + " within "
                            + READ_TIMEOUT.toSeconds() + " s: " + e,
                    e);
        } finally {
            if (!read) {
                logs.close();
            }
        }
    }
}
