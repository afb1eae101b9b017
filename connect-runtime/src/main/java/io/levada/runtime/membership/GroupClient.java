/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.GroupRebalanceConfig;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a membership, made of the parts that kafka-clients makes its consumers of. But for wakeup, owned by one thread. */
final class GroupClient implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupClient.class);
    private static final int IN_FLIGHT_MAX = 100;

    private final Metrics metrics = new Metrics();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ConsumerNetworkClient network;
    private final GroupCoordination coordination;

    /** @param consumer settings of a consumer, with those keys that all clients have */
    GroupClient(GroupSettings settings, Map<String, Object> consumer, GroupCoordination.Listener listener) {
        Map<String, Object> named = new HashMap<>(consumer);
        named.put(CommonClientConfigs.CLIENT_ID_CONFIG, "connect-" + settings.workerId());
        ConsumerConfig config = new ConsumerConfig(named);
        LogContext log = new LogContext("[Worker groupId=" + settings.groupId() + "] ");
        Time time = Time.SYSTEM;
        long backoffMs = config.getLong(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG);
        long backoffMaxMs = config.getLong(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG);
        List<String> servers = config.getList(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        Metadata metadata = new Metadata(
                backoffMs,
                backoffMaxMs,
                config.getLong(CommonClientConfigs.METADATA_MAX_AGE_CONFIG),
                log,
                new ClusterResourceListeners());
        ClientUtils.maybeBootstrapMetadataSynchronously(config, servers, metadata);
        this.network = new ConsumerNetworkClient(
                log,
                ClientUtils.createNetworkClient(
                        config,
                        servers,
                        metrics,
                        "connect",
                        log,
                        new ApiVersions(),
                        time,
                        IN_FLIGHT_MAX,
                        metadata,
                        null,
                        null),
                metadata,
                time,
                backoffMs,
                config.getInt(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG),
                Math.toIntExact(settings.heartbeatInterval().toMillis()));
        this.coordination = new GroupCoordination(
                new GroupRebalanceConfig(
                        Math.toIntExact(settings.sessionTimeout().toMillis()),
                        Math.toIntExact(settings.rebalanceTimeout().toMillis()),
                        Math.toIntExact(settings.heartbeatInterval().toMillis()),
                        settings.groupId(),
                        settings.instance(),
                        null,
                        backoffMs,
                        backoffMaxMs),
                log,
                network,
                metrics,
                time,
                settings.workerId(),
                listener);
    }

    void poll() {
        coordination.poll();
    }

    /** Ends what the owner waits for; any thread. */
    void wakeup() {
        network.wakeup();
    }

    /** Leaves the group and closes the connections, once. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                coordination.leave();
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("error", e.toString())
                        .log("the group could not be left; it notices at the end of the session");
            }
            try {
                network.close();
            } catch (IOException | RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("error", e.toString())
                        .log("the membership's connections did not close cleanly");
            }
            metrics.close();
        }
    }
}
