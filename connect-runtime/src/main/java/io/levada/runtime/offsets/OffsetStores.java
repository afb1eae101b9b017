/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.config.InternalTopic;
import io.levada.runtime.connector.ConnectorName;
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
     * Opens a connector's offsets. One with a topic of its own has it created like the worker's, compacted, and read to its
     * end: that blocks. If it fails, nothing stays open.
     *
     * @param config of the connector, resolved
     * @throws ConnectException if the own topic cannot be made, would lose offsets, or cannot be read in time
     */
    public ConnectorOffsets open(ConnectorName connector, Map<String, @Nullable String> config) {
        String topic = config.get(TOPIC);
        if (topic == null || topic.equals(workersTopic.name())) {
            return new WorkersOffsets(connector, workers, workersTopic.name());
        }
        Map<String, Object> admin =
                clients.connectorAdmin("connector-offset-adminclient-" + connector, connector, config);
        try (Admin open = Admin.create(admin)) {
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

    private ConnectorOffsets read(ConnectorName connector, String topic, TopicLogs logs) {
        boolean read = false;
        try {
            OffsetStore own = new OffsetStore();
            own.writeTo(logs.add(topic, own));
            logs.start().toCompletableFuture().get(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            read = true;
            return new OwnOffsets(
                    connector,
                    new WorkersOffsets(connector, own, topic),
                    new WorkersOffsets(connector, workers, workersTopic.name()),
                    logs);
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
