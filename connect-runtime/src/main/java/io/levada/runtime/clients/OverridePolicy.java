/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;

/**
 * Which settings of its clients a connector may override with {@code producer|consumer|admin.override.*} (KIP-458,
 * KIP-1188). A setting that names a class or a login can run foreign code in the worker (CVE-2023-25194), so the default
 * is an allow-list of harmless ones.
 */
public sealed interface OverridePolicy {
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

    /** Those of {@code settings} (names without prefix) that a connector may not override, sorted. */
    Set<String> refused(Collection<String> settings);

    /** Nothing is refused: connectors are as trusted as the worker. */
    record All() implements OverridePolicy {
        @Override
        public Set<String> refused(Collection<String> settings) {
            return Set.of();
        }
    }

    /** Only what is listed may be overridden; an empty list allows nothing. */
    record Allowlist(Set<String> allowed) implements OverridePolicy {
        public Allowlist {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public Set<String> refused(Collection<String> settings) {
            Set<String> refused = new TreeSet<>(settings);
            refused.removeAll(allowed);
            return refused;
        }
    }

    /**
     * The policy that a worker's config names: None, Allowlist, Principal or All, in any case, with or without Kafka
     * Connect's class name around it.
     *
     * @throws ConfigException if it names none of these
     */
    static OverridePolicy of(WorkerConfig config) {
        String name = config.text("connector.client.config.override.policy");
        String simple = name.substring(name.lastIndexOf('.') + 1).replace("ConnectorClientConfigOverridePolicy", "");
        return switch (simple.toLowerCase(Locale.ROOT)) {
            case "all" -> new All();
            case "none" -> new Allowlist(Set.of());
            case "principal" -> new Allowlist(Set.of("sasl.jaas.config", "sasl.mechanism", "security.protocol"));
            case "allowlist" -> new Allowlist(allowlist(config));
            default ->
                throw new ConfigException(
                        "connector.client.config.override.policy",
                        name,
                        "Must be one of None, Allowlist, Principal, All");
        };
    }

    private static Set<String> allowlist(WorkerConfig config) {
        String given = config.properties().get("connector.client.config.override.allowlist");
        return given == null
                ? Set.copyOf(HARMLESS)
                : Arrays.stream(given.split(",", -1))
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }
}
