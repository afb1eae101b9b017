/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;

/**
 * Which settings of its clients a connector may override with {@code producer|consumer|admin.override.*} (KIP-458,
 * KIP-1188). A setting that names a class or a login can run foreign code in the worker (CVE-2023-25194), so the default
 * is an allow-list of harmless ones.
 */
public sealed interface OverridePolicy extends AutoCloseable
        permits OverridePolicy.All, OverridePolicy.Allowlist, OverridePolicy.Fixed, PluginPolicy {
    /** The worker's key that names the policy. */
    String KEY = "connector.client.config.override.policy";

    /** The worker's key that names what the policy Allowlist lets through. */
    String ALLOWLIST = "connector.client.config.override.allowlist";

    /** Where Kafka Connect's own policies are, which are built in here. */
    String APACHE_PACKAGE = "org.apache.kafka.connect.connector.policy.";

    /** The names of Kafka Connect's own. */
    List<String> BUILT_IN = List.of("All", "None", "Principal", "Allowlist");

    /** What the names of policies may end with. */
    String SUFFIX = "ConnectorClientConfigOverridePolicy";

    /** Settings that change how much and how fast, and nothing else. */
    List<String> HARMLESS = List.of(
            "acks",
            "allow.auto.create.topics",
            "auto.offset.reset",
            "batch.size",
            "buffer.memory",
            "check.crcs",
            "client.id",
            "client.rack",
            "compression.gzip.level",
            "compression.lz4.level",
            "compression.type",
            "compression.zstd.level",
            "connections.max.idle.ms",
            "default.api.timeout.ms",
            "delivery.timeout.ms",
            "enable.idempotence",
            "fetch.max.bytes",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "group.id",
            "group.instance.id",
            "group.protocol",
            "heartbeat.interval.ms",
            "isolation.level",
            "linger.ms",
            "max.block.ms",
            "max.in.flight.requests.per.connection",
            "max.partition.fetch.bytes",
            "max.poll.interval.ms",
            "max.poll.records",
            "max.request.size",
            "metadata.max.age.ms",
            "partitioner.adaptive.partitioning.enable",
            "partitioner.availability.timeout.ms",
            "partitioner.ignore.keys",
            "receive.buffer.bytes",
            "reconnect.backoff.max.ms",
            "reconnect.backoff.ms",
            "request.timeout.ms",
            "retries",
            "retry.backoff.max.ms",
            "retry.backoff.ms",
            "send.buffer.bytes",
            "session.timeout.ms",
            "transaction.timeout.ms");

    /** Why settings may not be overridden: names without prefix, sorted, each with what is wrong. Empty if all may. */
    Map<String, List<String>> refusals(OverrideRequest request);

    /** The plugin that decides; empty for those that are built in. */
    default Optional<ConnectorClientConfigOverridePolicy> plugin() {
        return Optional.empty();
    }

    @Override
    default void close() {}

    /** Nothing is refused: connectors are as trusted as the worker. */
    record All() implements OverridePolicy {
        @Override
        public Map<String, List<String>> refusals(OverrideRequest request) {
            return Map.of();
        }
    }

    /** Only what is listed may be overridden; an empty list allows nothing. */
    record Allowlist(Set<String> allowed) implements OverridePolicy {
        public Allowlist {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public Map<String, List<String>> refusals(OverrideRequest request) {
            return refused(request, allowed, "", "; its operator can add it to " + ALLOWLIST + ".");
        }
    }

    /** Only what it has always let through may be overridden, whatever the allow-list of the worker says. */
    record Fixed(String name, Set<String> allowed) implements OverridePolicy {
        public Fixed {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public Map<String, List<String>> refusals(OverrideRequest request) {
            return refused(
                    request,
                    allowed,
                    "=" + name,
                    "; its operator can set " + KEY + "=Allowlist, and name it in " + ALLOWLIST + ".");
        }
    }

    private static Map<String, List<String>> refused(
            OverrideRequest request, Set<String> allowed, String policy, String remedy) {
        Map<String, List<String>> refusals = new TreeMap<>();
        for (String setting : request.settings().keySet()) {
            if (!allowed.contains(setting)) {
                refusals.put(
                        setting,
                        List.of("The worker's " + KEY + policy + " does not let a connector set " + request.prefix()
                                + setting + remedy));
            }
        }
        return refusals;
    }

    /**
     * Throws {@link ConfigException} if a worker's config names a policy that is neither built in nor there as a plugin. Runs no code of it.
     */
    static void check(WorkerConfig config, Plugins plugins) {
        String name = config.text(KEY);
        if (builtIn(name, config).isEmpty()) {
            checkPlugin(name, plugins);
        }
    }

    /**
     * The policy that a worker's config names: None, Allowlist, Principal or All, in any case, with or without Kafka
     * Connect's class name around it; or a plugin, by the name of its class.
     *
     * @throws ConfigException if it names none of these, or the plugin fails
     */
    static OverridePolicy of(WorkerConfig config, Plugins plugins) {
        String name = config.text(KEY);
        return builtIn(name, config).orElseGet(() -> plugin(name, config, plugins));
    }

    private static OverridePolicy plugin(String name, WorkerConfig config, Plugins plugins) {
        checkPlugin(name, plugins);
        return PluginPolicy.open(KEY, name, config, plugins);
    }

    private static void checkPlugin(String name, Plugins plugins) {
        try {
            String unused = plugins.className(PluginType.CLIENT_OVERRIDE_POLICY, name);
        } catch (PluginNotFoundException e) {
            throw new ConfigException("The worker's " + KEY + "=" + name + " cannot be used. Possible are "
                    + String.join(", ", BUILT_IN) + ", and policies that are plugins. " + e.getMessage());
        }
    }

    private static Optional<OverridePolicy> builtIn(String name, WorkerConfig config) {
        String simple = name.startsWith(APACHE_PACKAGE) ? name.substring(APACHE_PACKAGE.length()) : name;
        return switch (simple.replace(SUFFIX, "").toLowerCase(Locale.ROOT)) {
            case "all" -> Optional.of(new All());
            case "none" -> Optional.of(new Fixed("None", Set.of()));
            case "principal" ->
                Optional.of(new Fixed("Principal", Set.of("sasl.jaas.config", "sasl.mechanism", "security.protocol")));
            case "allowlist" -> Optional.of(new Allowlist(allowlist(config)));
            default -> Optional.empty();
        };
    }

    private static Set<String> allowlist(WorkerConfig config) {
        String given = config.properties().get(ALLOWLIST);
        return given == null
                ? Set.copyOf(HARMLESS)
                : Arrays.stream(given.split(",", -1))
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }
}
