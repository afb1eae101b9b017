/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Every key that a worker knows, with its default: those of Kafka Connect 4.3 ({@code DistributedConfig}) in its
 * meaning, then Levada's own. What Kafka Connect makes the user write has a default here.
 */
final class WorkerKeys {
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String GROUP_ID = "group.id";
    static final String OFFSETS_FILE = "offset.storage.file.filename";
    static final String KEY_CONVERTER = "key.converter";
    static final String VALUE_CONVERTER = "value.converter";
    static final String HEADER_CONVERTER = "header.converter";
    static final String SHUTDOWN_TIMEOUT = "task.shutdown.graceful.timeout.ms";
    static final String FLUSH_INTERVAL = "offset.flush.interval.ms";
    static final String FLUSH_TIMEOUT = "offset.flush.timeout.ms";
    static final String TOPIC_CREATION = "topic.creation.enable";
    static final String TOPIC_TRACKING = "topic.tracking.enable";
    static final String TOPIC_TRACKING_RESET = "topic.tracking.allow.reset";
    static final String OVERRIDE_POLICY = "connector.client.config.override.policy";
    static final String OVERRIDE_ALLOWLIST = "connector.client.config.override.allowlist";
    static final String EXACTLY_ONCE = "exactly.once.source.support";
    static final String SESSION_TIMEOUT = "session.timeout.ms";
    static final String REBALANCE_TIMEOUT = "rebalance.timeout.ms";
    static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
    static final String LISTENERS = "listeners";
    static final String ADVERTISED_HOST = "rest.advertised.host.name";
    static final String ADVERTISED_PORT = "rest.advertised.port";
    static final String RESTART_MAX = "errors.restart.max";
    static final String RESTART_DELAY = "errors.restart.delay.ms";
    static final String RESTART_DELAY_MAX = "errors.restart.delay.max.ms";
    static final String RESTART_HEALTHY = "errors.restart.healthy.ms";

    /** Keys that begin like this belong to a client, a plugin, the broker or REST, which judge them. */
    static final List<String> OPEN_PREFIXES = List.of(
            "producer.",
            "consumer.",
            "admin.",
            "key.converter.",
            "value.converter.",
            "header.converter.",
            "config.providers.",
            "config.storage.",
            "offset.storage.",
            "status.storage.",
            "topic.creation.",
            "metrics.context.",
            "listeners.",
            "admin.listeners.",
            "rest.",
            "broker.",
            "registry.");

    private static final ConfigDef.Validator POSITIVE_OR_DEFAULT = ConfigDef.LambdaValidator.with(
            (key, value) -> {
                if (value instanceof Number number && number.intValue() < 1 && number.intValue() != -1) {
                    throw new ConfigException(key, value, "Must be positive, or -1 for the broker's default");
                }
            },
            () -> "[1,...] or -1");

    private static final ConfigDef.Validator PORT_IF_SET = ConfigDef.LambdaValidator.with(
            (key, value) -> {
                if (value instanceof Number number && (number.intValue() < 0 || number.intValue() > 65_535)) {
                    throw new ConfigException(key, value, "Must be a port, or left out");
                }
            },
            () -> "[0,...,65535]");

    private static final ConfigDef.Validator TOPIC = ConfigDef.LambdaValidator.with(
            (key, value) -> {
                try {
                    Topic.validate(String.valueOf(value));
                } catch (InvalidTopicException e) {
                    throw new ConfigException(key, value, e.getMessage());
                }
            },
            () -> "a topic's name");

    static final ConfigDef DEFINITION = define();

    private WorkerKeys() {}

    private static ConfigDef define() {
        Definition keys = new Definition();
        cluster(keys);
        plugins(keys);
        rest(keys);
        group(keys);
        internalTopics(keys);
        clients(keys);
        levada(keys);
        return keys.build();
    }

    private static ConfigDef.Validator inAnyCase(String... values) {
        return ConfigDef.CaseInsensitiveValidString.in(values);
    }

    private static void cluster(Definition keys) {
        keys.group("Cluster");
        keys.add(
                BOOTSTRAP_SERVERS,
                ConfigDef.Type.LIST,
                List.of(),
                "Brokers to reach first. Without it the broker starts inside the worker.");
        keys.add(
                GROUP_ID,
                ConfigDef.Type.STRING,
                "connect-cluster",
                new ConfigDef.NonEmptyString(),
                "Name of the group that this worker joins; part of transactional ids.");
        keys.add(
                EXACTLY_ONCE,
                ConfigDef.Type.STRING,
                "disabled",
                inAnyCase("disabled", "preparing", "enabled"),
                "Exactly-once sources (KIP-618); enabled if nothing is said and the broker is inside.");
    }

    private static void plugins(Definition keys) {
        keys.group("Plugins, connectors, metrics");
        keys.add(
                KEY_CONVERTER,
                ConfigDef.Type.STRING,
                "io.levada.connect.converters.JsonConverter",
                "Converter of record keys.");
        keys.add(
                "key.converter.plugin.version", ConfigDef.Type.STRING, null, "Version of the key converter (KIP-891).");
        keys.add(
                VALUE_CONVERTER,
                ConfigDef.Type.STRING,
                "io.levada.connect.converters.JsonConverter",
                "Converter of record values.");
        keys.add(
                "value.converter.plugin.version",
                ConfigDef.Type.STRING,
                null,
                "Version of the value converter (KIP-891).");
        keys.add(
                HEADER_CONVERTER,
                ConfigDef.Type.STRING,
                "org.apache.kafka.connect.storage.SimpleHeaderConverter",
                "Converter of record headers.");
        keys.add(
                "header.converter.plugin.version",
                ConfigDef.Type.STRING,
                null,
                "Version of the header converter (KIP-891).");
        keys.add("plugin.path", ConfigDef.Type.LIST, List.of(), "Folders that hold plugins.");
        keys.add(
                "plugin.discovery",
                ConfigDef.Type.STRING,
                "hybrid_warn",
                inAnyCase("only_scan", "service_load", "hybrid_warn", "hybrid_fail"),
                "How plugins are found (KIP-898).");
        keys.add("config.providers", ConfigDef.Type.LIST, List.of(), "Names of config providers.");
        keys.add(
                "config.providers.literal",
                ConfigDef.Type.LIST,
                List.of(),
                "Names that are no config providers: ${name:...} with one of them is left in a connector's config as it is written.");
        keys.add(
                OVERRIDE_POLICY, ConfigDef.Type.STRING, "Allowlist", "Which client settings a connector may override.");
        keys.add(
                OVERRIDE_ALLOWLIST,
                ConfigDef.Type.LIST,
                null,
                "Client settings that the policy Allowlist lets through (KIP-1188).");
        keys.add(
                TOPIC_CREATION,
                ConfigDef.Type.BOOLEAN,
                true,
                "Whether source connectors may have their topics created (KIP-158).");
        keys.add(
                TOPIC_TRACKING,
                ConfigDef.Type.BOOLEAN,
                true,
                "Whether the topics that connectors use are remembered (KIP-558).");
        keys.add(
                TOPIC_TRACKING_RESET,
                ConfigDef.Type.BOOLEAN,
                true,
                "Whether remembered topics may be forgotten on request.");
        keys.add("metrics.sample.window.ms", ConfigDef.Type.LONG, 30_000L, atLeast(0), "Length of a metrics window.");
        keys.add("metrics.num.samples", ConfigDef.Type.INT, 2, atLeast(1), "Number of metrics windows.");
        keys.add(
                "metrics.recording.level",
                ConfigDef.Type.STRING,
                "INFO",
                ValidString.in("INFO", "DEBUG", "TRACE"),
                "Detail of metrics.");
        keys.add(
                "metric.reporters",
                ConfigDef.Type.LIST,
                List.of("org.apache.kafka.common.metrics.JmxReporter"),
                "Classes that report metrics, from plugin.path or the class path (KIP-830).");
        keys.add(
                "auto.include.jmx.reporter",
                ConfigDef.Type.BOOLEAN,
                true,
                "Gone in Kafka 4; accepted from older files.");
    }

    private static void rest(Definition keys) {
        keys.group("REST");
        keys.add(
                LISTENERS,
                ConfigDef.Type.LIST,
                List.of("http://localhost:8083"),
                "Where REST listens: http://host:port or https://host:port, several with commas. Port 0 takes a free one.");
        keys.add(
                ADVERTISED_HOST,
                ConfigDef.Type.STRING,
                null,
                "Host by which others reach this worker, shown as worker_id; that of the advertised listener if not set.");
        keys.add(
                ADVERTISED_PORT,
                ConfigDef.Type.INT,
                null,
                PORT_IF_SET,
                "Port by which others reach this worker; that of the advertised listener if not set or 0.");
        keys.add(
                "rest.advertised.listener",
                ConfigDef.Type.STRING,
                null,
                "Protocol, http or https, of the listener by which other workers reach this one; http where there is one.");
        keys.add(
                "access.control.allow.origin",
                ConfigDef.Type.STRING,
                "",
                "Origins that browsers may call REST from: scheme://host:port, regular expressions for such, or * for any.");
        keys.add(
                "access.control.allow.methods", ConfigDef.Type.STRING, "", "Methods that browsers may use from there.");
        keys.add(
                "rest.insecure",
                ConfigDef.Type.BOOLEAN,
                false,
                "Whether REST may listen where others can reach it although nobody has to log in.");
        keys.add("response.http.headers.config", ConfigDef.Type.STRING, "", "Headers added to every answer.");
        keys.add("rest.extension.classes", ConfigDef.Type.LIST, List.of(), "REST extensions (KIP-285).");
        keys.add(
                "admin.listeners",
                ConfigDef.Type.LIST,
                null,
                "Where the admin endpoints listen; with the rest if not set, nowhere if empty (KIP-495).");
        keys.add(
                "ssl.client.auth",
                ConfigDef.Type.STRING,
                "none",
                inAnyCase("required", "requested", "none"),
                "Whether REST asks clients for a certificate.");
    }

    private static void group(Definition keys) {
        keys.group("Group");
        keys.add(SESSION_TIMEOUT, ConfigDef.Type.INT, 10_000, atLeast(1), "When a silent worker is taken for dead.");
        keys.add(REBALANCE_TIMEOUT, ConfigDef.Type.INT, 60_000, atLeast(1), "How long workers may take to rejoin.");
        keys.add(
                HEARTBEAT_INTERVAL,
                ConfigDef.Type.INT,
                3_000,
                atLeast(1),
                "How often a worker says that it lives; less than session.timeout.ms.");
        keys.add(
                "worker.sync.timeout.ms",
                ConfigDef.Type.INT,
                3_000,
                "How long to wait for the config topic where another worker has read more of it.");
        keys.add(
                "worker.unsync.backoff.ms",
                ConfigDef.Type.INT,
                300_000,
                "For how long a worker that cannot read the config topic as far as its group has agreed by stays out of the group,"
                        + " unless it has read it before.");
        keys.add(
                "connect.protocol",
                ConfigDef.Type.STRING,
                "sessioned",
                inAnyCase("eager", "compatible", "sessioned"),
                "How the group agrees, at best: eager, compatible (KIP-415) or sessioned (KIP-507).");
        keys.add(
                "scheduled.rebalance.max.delay.ms",
                ConfigDef.Type.INT,
                300_000,
                between(0, Integer.MAX_VALUE),
                "How long tasks of a worker that went wait for its return.");
        keys.add(
                "inter.worker.key.ttl.ms",
                ConfigDef.Type.INT,
                3_600_000,
                between(0, Integer.MAX_VALUE),
                "Life of the key that signs calls between workers (KIP-507); 0 for ever.");
        keys.add(
                "inter.worker.key.generation.algorithm",
                ConfigDef.Type.STRING,
                "HmacSHA256",
                "Algorithm that makes that key.");
        keys.add(
                "inter.worker.key.size",
                ConfigDef.Type.INT,
                null,
                "Size of that key in bits; that of the algorithm if not set.");
        keys.add("inter.worker.signature.algorithm", ConfigDef.Type.STRING, "HmacSHA256", "Algorithm that signs.");
        keys.add(
                "inter.worker.verification.algorithms",
                ConfigDef.Type.LIST,
                List.of("HmacSHA256"),
                "Algorithms accepted.");
    }

    private static void internalTopics(Definition keys) {
        keys.group("State");
        keys.add(
                "config.storage.topic",
                ConfigDef.Type.STRING,
                "connect-configs",
                TOPIC,
                "Topic of connector and task configs.");
        keys.add(
                "config.storage.replication.factor",
                ConfigDef.Type.SHORT,
                (short) 3,
                POSITIVE_OR_DEFAULT,
                "Its replication factor; -1 is the brokers' default. On the broker inside it is 1, whatever is said.");
        keys.add("offset.storage.topic", ConfigDef.Type.STRING, "connect-offsets", TOPIC, "Topic of source offsets.");
        keys.add(
                "offset.storage.partitions",
                ConfigDef.Type.INT,
                25,
                POSITIVE_OR_DEFAULT,
                "Its partitions; -1 is the brokers' default.");
        keys.add(
                "offset.storage.replication.factor",
                ConfigDef.Type.SHORT,
                (short) 3,
                POSITIVE_OR_DEFAULT,
                "Its replication factor; -1 is the brokers' default. On the broker inside it is 1, whatever is said.");
        keys.add("status.storage.topic", ConfigDef.Type.STRING, "connect-status", TOPIC, "Topic of statuses.");
        keys.add(
                "status.storage.partitions",
                ConfigDef.Type.INT,
                5,
                POSITIVE_OR_DEFAULT,
                "Its partitions; -1 is the brokers' default.");
        keys.add(
                "status.storage.replication.factor",
                ConfigDef.Type.SHORT,
                (short) 3,
                POSITIVE_OR_DEFAULT,
                "Its replication factor; -1 is the brokers' default. On the broker inside it is 1, whatever is said.");
        keys.add(
                OFFSETS_FILE,
                ConfigDef.Type.STRING,
                null,
                "File of source offsets of a worker without a group (standalone mode); counts where group.id is not given.");
        keys.add(FLUSH_INTERVAL, ConfigDef.Type.LONG, 60_000L, atLeast(1), "How often offsets are committed.");
        keys.add(FLUSH_TIMEOUT, ConfigDef.Type.LONG, 5_000L, atLeast(1), "How long one commit of offsets may take.");
        keys.add(
                SHUTDOWN_TIMEOUT,
                ConfigDef.Type.LONG,
                5_000L,
                atLeast(0),
                "How long tasks may take to stop, all together.");
    }

    private static void clients(Definition keys) {
        keys.group("Clients");
        keys.add("client.dns.lookup", ConfigDef.Type.STRING, "use_all_dns_ips", "How broker names are resolved.");
        keys.add("client.id", ConfigDef.Type.STRING, "", "Name of the worker's own clients.");
        keys.add(
                "metadata.max.age.ms",
                ConfigDef.Type.LONG,
                300_000L,
                atLeast(0),
                "Age at which cluster metadata is asked for again.");
        keys.add("send.buffer.bytes", ConfigDef.Type.INT, 131_072, atLeast(-1), "Socket send buffer.");
        keys.add("receive.buffer.bytes", ConfigDef.Type.INT, 32_768, atLeast(-1), "Socket receive buffer.");
        keys.add("reconnect.backoff.ms", ConfigDef.Type.LONG, 50L, atLeast(0), "Wait before connecting again.");
        keys.add("reconnect.backoff.max.ms", ConfigDef.Type.LONG, 1_000L, atLeast(0), "Its upper bound.");
        keys.add(
                "socket.connection.setup.timeout.ms",
                ConfigDef.Type.LONG,
                10_000L,
                "Time for a connection to be made.");
        keys.add("socket.connection.setup.timeout.max.ms", ConfigDef.Type.LONG, 30_000L, "Its upper bound.");
        keys.add("retry.backoff.ms", ConfigDef.Type.LONG, 100L, atLeast(0), "Wait before a request is tried again.");
        keys.add("retry.backoff.max.ms", ConfigDef.Type.LONG, 1_000L, atLeast(0), "Its upper bound.");
        keys.add("request.timeout.ms", ConfigDef.Type.INT, 40_000, atLeast(0), "Time for a request to be answered.");
        keys.add("connections.max.idle.ms", ConfigDef.Type.LONG, 540_000L, "When an idle connection is closed.");
        keys.add(
                "metadata.recovery.strategy",
                ConfigDef.Type.STRING,
                "rebootstrap",
                inAnyCase("none", "rebootstrap"),
                "What to do when no known broker answers.");
        keys.add(
                "metadata.recovery.rebootstrap.trigger.ms",
                ConfigDef.Type.LONG,
                300_000L,
                atLeast(0),
                "When to do it.");
        keys.add(
                "security.protocol",
                ConfigDef.Type.STRING,
                "PLAINTEXT",
                inAnyCase(SecurityProtocol.names().toArray(String[]::new)),
                "How brokers are talked to.");
        keys.add("security.providers", ConfigDef.Type.STRING, null, "Classes that add security providers.");
        SslConfigs.addClientSslSupport(keys.def);
        SaslConfigs.addClientSaslSupport(keys.def);
    }

    private static void levada(Definition keys) {
        keys.group("Broker inside, restarts");
        keys.add("data.dir", ConfigDef.Type.STRING, "./levada-data", "Where the embedded broker keeps its log.");
        keys.add(
                RESTART_MAX,
                ConfigDef.Type.INT,
                -1,
                atLeast(-1),
                "How often in a row a failed connector or task is restarted: 0 never, -1 for ever.");
        keys.add(
                RESTART_DELAY,
                ConfigDef.Type.LONG,
                10_000L,
                atLeast(1),
                "Wait before the first restart; it doubles with each one that fails too.");
        keys.add(RESTART_DELAY_MAX, ConfigDef.Type.LONG, 300_000L, atLeast(1), "Longest wait before a restart.");
        keys.add(
                RESTART_HEALTHY,
                ConfigDef.Type.LONG,
                600_000L,
                atLeast(1),
                "After running this long, failures are counted anew.");
    }

    /** A ConfigDef in which CLASS keys of the clients stay text, because plugins are found by other means. */
    private static final class Definition {
        private final ConfigDef def = new ConfigDef();
        private String group = "";

        /** What is added from now on is about one subject. */
        void group(String name) {
            group = name;
        }

        void add(String name, ConfigDef.Type type, @Nullable Object fallback, String documentation) {
            add(name, type, fallback, null, documentation);
        }

        void add(
                String name,
                ConfigDef.Type type,
                @Nullable Object fallback,
                ConfigDef.@Nullable Validator validator,
                String documentation) {
            def.define(
                    name,
                    type,
                    fallback,
                    validator,
                    importance(name),
                    documentation,
                    group,
                    def.names().size(),
                    ConfigDef.Width.NONE,
                    name);
        }

        ConfigDef build() {
            return def;
        }

        private static ConfigDef.Importance importance(String name) {
            return switch (name) {
                case BOOTSTRAP_SERVERS, GROUP_ID, KEY_CONVERTER, VALUE_CONVERTER -> HIGH;
                default -> name.startsWith("metrics") || name.contains("backoff") ? LOW : MEDIUM;
            };
        }
    }
}
