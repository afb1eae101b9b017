/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's configuration, checked.
 *
 * @param properties all keys as given, config providers resolved; clients, plugins, broker and REST find theirs here
 * @param bootstrapServers {@code host:port} list; empty means that the broker starts inside the worker
 * @param embedsBroker whether the broker is inside the worker
 * @param restart how failed connectors and tasks come back, unless their config says otherwise
 * @param exactlyOnceSources whether sources write in transactions, with their offsets (KIP-618)
 */
public record WorkerConfig(
        Map<String, String> properties,
        List<String> bootstrapServers,
        boolean embedsBroker,
        String groupId,
        InternalTopics topics,
        Timeouts timeouts,
        TopicRules topicRules,
        RestartPolicy restart,
        boolean exactlyOnceSources) {
    private static final Logger LOGGER = LoggerFactory.getLogger(WorkerConfig.class);
    /** What these name is configured with all the worker's properties, and may have keys of its own among them. */
    private static final List<String> PLUGIN_KEYS =
            List.of("rest.extension.classes", "metric.reporters", "connector.client.config.override.policy");

    private static final String EMBEDDED_SESSION_TIMEOUT_MS = "10000";

    public WorkerConfig {
        properties = Map.copyOf(properties);
        bootstrapServers = List.copyOf(bootstrapServers);
    }

    /** The three topics of a group. */
    public record InternalTopics(InternalTopic configs, InternalTopic offsets, InternalTopic statuses) {
        /** The name of each by the worker's key that gives it. */
        public SortedMap<String, String> namesByKey() {
            return new TreeMap<>(Map.of(
                    "config.storage.topic", configs.name(),
                    "offset.storage.topic", offsets.name(),
                    "status.storage.topic", statuses.name()));
        }
    }

    /**
     * How long things may take.
     *
     * @param shutdown for all tasks together, before those that hang are abandoned
     */
    public record Timeouts(Duration flushInterval, Duration flush, Duration shutdown) {}

    /**
     * What connectors may do about topics.
     *
     * @param creation KIP-158
     * @param tracking KIP-558
     * @param trackingReset KIP-558
     */
    public record TopicRules(boolean creation, boolean tracking, boolean trackingReset) {}

    /**
     * Reads a worker's properties, in which config providers have replaced all references. Unknown keys are warned of, with the
     * nearest known key.
     *
     * @throws ConfigException that names key, value and rule of the first problem
     */
    public static WorkerConfig from(Map<String, String> properties) {
        Map<String, String> toParse = new HashMap<>(properties);
        // Kafka's parser would make the providers, without the plugins. They have done their work already.
        toParse.remove("config.providers");
        AbstractConfig parsed = new AbstractConfig(WorkerKeys.DEFINITION, toParse, false);
        warnOfUnknown(properties);
        Standalone.check(properties, parsed.getString(WorkerKeys.EXACTLY_ONCE));
        checkHeartbeat(parsed);
        List<String> bootstrap = parsed.getList(WorkerKeys.BOOTSTRAP_SERVERS);
        return new WorkerConfig(
                properties,
                bootstrap,
                bootstrap.isEmpty(),
                parsed.getString(WorkerKeys.GROUP_ID),
                internalTopics(parsed, properties, bootstrap.isEmpty()),
                timeouts(parsed),
                topicRules(parsed),
                restart(parsed),
                exactlyOnceSources(parsed, properties, bootstrap.isEmpty()));
    }

    /**
     * The same, with the broker that has started inside the worker. When both are killed together, the groups of sink
     * tasks wait out the sessions of members that died with them: on loopback a session need not be as long as a
     * network's.
     */
    public WorkerConfig withEmbeddedBroker(String servers) {
        Map<String, String> changed = new HashMap<>(properties);
        changed.put(WorkerKeys.BOOTSTRAP_SERVERS, servers);
        changed.putIfAbsent("consumer.session.timeout.ms", EMBEDDED_SESSION_TIMEOUT_MS);
        return new WorkerConfig(
                changed,
                List.of(servers.split(",", -1)),
                true,
                groupId,
                topics,
                timeouts,
                topicRules,
                restart,
                exactlyOnceSources);
    }

    /**
     * The file of source offsets of a worker without a group, as {@code connect-standalone} of Kafka Connect is one: connectors and statuses are kept in memory
     * then. Empty for all others.
     */
    public Optional<Path> offsetsFile() {
        return Standalone.offsetsFile(properties).map(Path::of);
    }

    /**
     * Whether the leader of the group writes in transactions, so that an earlier one is fenced (KIP-618): if {@code exactly.once.source.support} is set
     * to preparing or enabled, and on the broker inside if it is not set.
     */
    public boolean fencesLeaders() {
        return exactlyOnceSources
                || (offsetsFile().isEmpty()
                        && !properties
                                .getOrDefault(WorkerKeys.EXACTLY_ONCE, "disabled")
                                .strip()
                                .equalsIgnoreCase("disabled"));
    }

    /** Whether plugins of the worker itself are named, of which it is known only after the scan whether they are there. */
    public boolean namesPlugins() {
        return PLUGIN_KEYS.stream().anyMatch(properties::containsKey);
    }

    /** The value of a key, or its default, as text: without blanks around, as it was checked. */
    public String text(String key) {
        String given = properties.get(key);
        if (given != null) {
            return given.trim();
        }
        Object fallback = WorkerKeys.DEFINITION.defaultValues().get(key);
        return fallback instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(fallback);
    }

    /** The value of a key in milliseconds, or its default; for keys of whose values {@link #from} has made sure. */
    public Duration duration(String key) {
        return Duration.ofMillis(Long.parseLong(text(key)));
    }

    /** Keys that begin with {@code prefix}, without it. */
    public Map<String, String> withPrefix(String prefix) {
        Map<String, String> found = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(prefix) && key.length() > prefix.length()) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** As the properties say, and on the broker inside if they say nothing. Never without a group, as offsets are in a file then. */
    private static boolean exactlyOnceSources(AbstractConfig parsed, Map<String, String> given, boolean embedded) {
        return Standalone.offsetsFile(given).isEmpty()
                && (given.containsKey(WorkerKeys.EXACTLY_ONCE)
                        ? parsed.getString(WorkerKeys.EXACTLY_ONCE).equalsIgnoreCase("enabled")
                        : embedded);
    }

    private static InternalTopics internalTopics(AbstractConfig parsed, Map<String, String> given, boolean embedded) {
        InternalTopics topics = new InternalTopics(
                internalTopic(parsed, given, "config", 1, embedded),
                internalTopic(parsed, given, "offset", parsed.getInt("offset.storage.partitions"), embedded),
                internalTopic(parsed, given, "status", parsed.getInt("status.storage.partitions"), embedded));
        Map<String, String> purposes = new HashMap<>();
        topics.namesByKey().forEach((key, name) -> {
            String other = purposes.putIfAbsent(name, key);
            if (other != null) {
                throw new ConfigException(
                        key, name, "Is " + other + " already: each of the three needs a topic of its own");
            }
        });
        return topics;
    }

    private static InternalTopic internalTopic(
            AbstractConfig parsed, Map<String, String> given, String kind, int partitions, boolean embedded) {
        String prefix = kind + ".storage.";
        Map<String, String> settings = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        List.of("topic", "partitions", "replication.factor").forEach(settings::remove);
        if (settings.remove("cleanup.policy") != null) {
            throw new ConfigException(prefix + "cleanup.policy is always compact: leave it out");
        }
        short replication = parsed.getShort(prefix + "replication.factor");
        return new InternalTopic(
                parsed.getString(prefix + "topic"), partitions, embedded ? (short) 1 : replication, settings);
    }

    private static void checkHeartbeat(AbstractConfig parsed) {
        int heartbeat = parsed.getInt(WorkerKeys.HEARTBEAT_INTERVAL);
        int session = parsed.getInt(WorkerKeys.SESSION_TIMEOUT);
        if (heartbeat >= session) {
            throw new ConfigException(
                    WorkerKeys.HEARTBEAT_INTERVAL,
                    heartbeat,
                    "Must be less than " + WorkerKeys.SESSION_TIMEOUT + ", which is " + session);
        }
    }

    private static Timeouts timeouts(AbstractConfig parsed) {
        return new Timeouts(
                Duration.ofMillis(parsed.getLong(WorkerKeys.FLUSH_INTERVAL)),
                Duration.ofMillis(parsed.getLong(WorkerKeys.FLUSH_TIMEOUT)),
                Duration.ofMillis(parsed.getLong(WorkerKeys.SHUTDOWN_TIMEOUT)));
    }

    private static TopicRules topicRules(AbstractConfig parsed) {
        return new TopicRules(
                parsed.getBoolean(WorkerKeys.TOPIC_CREATION),
                parsed.getBoolean(WorkerKeys.TOPIC_TRACKING),
                parsed.getBoolean(WorkerKeys.TOPIC_TRACKING_RESET));
    }

    private static RestartPolicy restart(AbstractConfig parsed) {
        return new RestartPolicy(
                parsed.getInt(WorkerKeys.RESTART_MAX),
                Duration.ofMillis(parsed.getLong(WorkerKeys.RESTART_DELAY)),
                Duration.ofMillis(parsed.getLong(WorkerKeys.RESTART_DELAY_MAX)),
                Duration.ofMillis(parsed.getLong(WorkerKeys.RESTART_HEALTHY)));
    }

    /** Warns of keys that neither worker nor broker knows, each with the nearest that one of them does. */
    public static void warnOfUnknown(Map<String, String> given) {
        boolean pluginsRead = PLUGIN_KEYS.stream().anyMatch(given::containsKey);
        UnknownWorkerKeys.in(given)
                .forEach((key, nearest) -> LOGGER.atWarn()
                        .addKeyValue("key", key)
                        .addKeyValue("nearest", nearest.isEmpty() ? "none" : String.join(", ", nearest))
                        .log(
                                pluginsRead
                                        ? "unknown worker key, for the worker's own plugins if they know it"
                                        : "unknown worker key, ignored"));
    }
}
