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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a membership, made of the parts that kafka-clients makes its consumers of. But for wakeup, owned by one thread. */
final class GroupClient implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupClient.class);
    private static final int IN_FLIGHT_MAX = 100;

    /** Makes the protocol over the connections. */
    interface CoordinationMaker {
        GroupCoordination make(
                GroupRebalanceConfig group, LogContext log, ConsumerNetworkClient client, Metrics metrics, Time time);
    }

    private final Metrics metrics;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final LeasedClient network;
    private final GroupCoordination coordination;

    private GroupClient(Metrics metrics, LeasedClient network, GroupCoordination coordination) {
        this.metrics = metrics;
        this.network = network;
        this.coordination = coordination;
    }

    /**
     * Makes the parts; if one of them cannot be made, nothing stays open.
     *
     * @param consumer settings of a consumer, with those keys that all clients have
     */
    static GroupClient open(
            GroupSettings settings, Map<String, Object> consumer, Lease lease, CoordinationMaker maker) {
        Map<String, Object> named = new HashMap<>(consumer);
        named.put(CommonClientConfigs.CLIENT_ID_CONFIG, "connect-" + settings.workerId());
        ConsumerConfig config = new ConsumerConfig(named);
        LogContext log = new LogContext("[Worker groupId=" + settings.groupId() + "] ");
        Metrics metrics = new Metrics();
        LeasedClient network = null;
        try {
            network = network(settings, config, log, metrics, lease);
            return new GroupClient(
                    metrics, network, maker.make(group(settings, config), log, network, metrics, Time.SYSTEM));
        } catch (RuntimeException e) {
            close(network, metrics);
            throw e;
        }
    }

    private static LeasedClient network(
            GroupSettings settings, ConsumerConfig config, LogContext log, Metrics metrics, Lease lease) {
        long backoffMs = config.getLong(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG);
        List<String> servers = config.getList(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        Metadata metadata = new Metadata(
                backoffMs,
                config.getLong(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG),
                config.getLong(CommonClientConfigs.METADATA_MAX_AGE_CONFIG),
                log,
                new ClusterResourceListeners());
        ClientUtils.maybeBootstrapMetadataSynchronously(config, servers, metadata);
        return new LeasedClient(
                log,
                ClientUtils.createNetworkClient(
                        config,
                        servers,
                        metrics,
                        "connect",
                        log,
                        new ApiVersions(),
                        Time.SYSTEM,
                        IN_FLIGHT_MAX,
                        metadata,
                        null,
                        null),
                metadata,
                Time.SYSTEM,
                backoffMs,
                config.getInt(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG),
                Math.toIntExact(settings.times().heartbeat().toMillis()),
                lease);
    }

    private static GroupRebalanceConfig group(GroupSettings settings, ConsumerConfig config) {
        return new GroupRebalanceConfig(
                Math.toIntExact(settings.times().session().toMillis()),
                Math.toIntExact(settings.times().rebalance().toMillis()),
                Math.toIntExact(settings.times().heartbeat().toMillis()),
                settings.groupId(),
                settings.instance(),
                null,
                config.getLong(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG),
                config.getLong(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG));
    }

    /** Looks for the group's coordinator, a little. */
    void prepare() {
        coordination.prepare();
    }

    /** Asks the group to agree anew, soon; any thread. */
    void joinAnew() {
        coordination.joinAnew();
        network.wakeup();
    }

    /** Says that this member lives while it waits to join; any thread. */
    void beatWhileJoining() {
        network.beatWhileJoining();
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
            network.disableWakeups(); // Whoever asked to stop may have done so by one that nobody has taken yet.
            try {
                coordination.leave();
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("error", e.toString())
                        .log("the group could not be left; it notices at the end of the session");
            }
            close(network, metrics);
        }
    }

    private static void close(@Nullable ConsumerNetworkClient network, Metrics metrics) {
        try {
            if (network != null) {
                network.close();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("the membership's connections did not close cleanly");
        }
        metrics.close();
    }
}
