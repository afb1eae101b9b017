/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.levada.broker.spelling.NearestKey;
import io.levada.broker.spelling.SettingProblems;
import io.levada.broker.topic.BrokerSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** The keys of the broker's own parts, declared once. Topic defaults are in {@link TopicDefaultKeys}. */
final class BrokerConfigKeys {
    static final String PREFIX = "broker.";
    static final String DATA_DIR = "data.dir";
    static final String LISTENERS = "broker.listeners";
    static final String INSECURE = "broker.insecure";
    static final String ADVERTISED_LISTENERS = "broker.advertised.listeners";
    static final String FLUSH = "broker.flush";
    static final String RETENTION_CHECK_MS = "broker.log.retention.check.interval.ms";
    static final String OPEN_FILES_MAX = "broker.log.open.files.max";
    static final String CLEANER_ENABLE = "broker.log.cleaner.enable";
    static final String CLEANER_THREADS = "broker.log.cleaner.threads";
    static final String CLEANER_DEDUPE_BYTES = "broker.log.cleaner.dedupe.buffer.size";
    static final String CLEANER_LOAD_FACTOR = "broker.log.cleaner.io.buffer.load.factor";
    static final String CLEANER_IO_BYTES = "broker.log.cleaner.io.max.bytes.per.second";
    static final String CLEANER_BACKOFF_MS = "broker.log.cleaner.backoff.ms";
    static final String NUM_PARTITIONS = "broker.num.partitions";
    static final String MAX_PARTITIONS = "broker.max.partitions";
    static final String AUTO_CREATE = "broker.auto.create.topics.enable";
    static final String REQUEST_MAX_BYTES = "broker.socket.request.max.bytes";
    static final String QUEUED_MAX_BYTES = "broker.queued.max.request.bytes";
    static final String SEND_BUFFER_BYTES = "broker.socket.send.buffer.bytes";
    static final String RECEIVE_BUFFER_BYTES = "broker.socket.receive.buffer.bytes";
    static final String IDLE_MAX_MS = "broker.connections.max.idle.ms";
    static final String FETCH_MAX_BYTES = "broker.fetch.max.bytes";
    static final String FETCH_SESSIONS = "broker.max.incremental.fetch.session.cache.slots";
    static final String NETWORK_THREADS = "broker.num.network.threads";
    static final String IO_THREADS = "broker.num.io.threads";
    static final String OFFSETS_PARTITIONS = "broker.offsets.topic.num.partitions";
    static final String OFFSETS_SEGMENT_BYTES = "broker.offsets.topic.segment.bytes";
    static final String OFFSETS_RETENTION_MINUTES = "broker.offsets.retention.minutes";
    static final String OFFSETS_EXPIRY_INTERVAL_MS = "broker.offsets.retention.check.interval.ms";
    static final String OFFSET_METADATA_MAX_BYTES = "broker.offset.metadata.max.bytes";
    static final String REBALANCE_DELAY_MS = "broker.group.initial.rebalance.delay.ms";
    static final String SESSION_MIN_MS = "broker.group.min.session.timeout.ms";
    static final String SESSION_MAX_MS = "broker.group.max.session.timeout.ms";
    static final String GROUP_MAX_SIZE = "broker.group.max.size";
    static final String TXN_PARTITIONS = "broker.transaction.state.log.num.partitions";
    static final String TXN_SEGMENT_BYTES = "broker.transaction.state.log.segment.bytes";
    static final String TXN_TIMEOUT_MAX_MS = "broker.transaction.max.timeout.ms";
    static final String TXN_ID_EXPIRATION_MS = "broker.transactional.id.expiration.ms";
    static final String TXN_TIMEOUT_INTERVAL_MS = "broker.transaction.abort.timed.out.transaction.cleanup.interval.ms";
    static final String TXN_EXPIRATION_INTERVAL_MS =
            "broker.transaction.remove.expired.transaction.cleanup.interval.ms";

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final ConfigDef DEFINITION = define();

    private BrokerConfigKeys() {}

    static ConfigDef definition() {
        return DEFINITION;
    }

    /** The values of all keys, or every problem at once. */
    static Map<String, Object> parse(Map<String, String> properties, List<String> problems) {
        List<String> known = new ArrayList<>(DEFINITION.names());
        known.addAll(TopicDefaultKeys.names());
        for (String key : new TreeMap<>(properties).keySet()) {
            if (key.startsWith(PREFIX) && !known.contains(key)) {
                problems.add("unknown key " + key
                        + NearestKey.to(key, known)
                                .map(near -> ", did you mean " + near + "?")
                                .orElse(""));
            }
        }
        problems.addAll(SettingProblems.of(DEFINITION, properties));
        return problems.isEmpty() ? DEFINITION.parse(properties) : Map.of();
    }

    /** Every setting, by Kafka's names: without our prefix. */
    static List<BrokerSetting> describe(Map<String, String> properties, Map<String, Object> values) {
        List<BrokerSetting> settings = new ArrayList<>();
        for (ConfigDef.ConfigKey key : DEFINITION.configKeys().values()) {
            String given =
                    properties.containsKey(key.name) ? ConfigDef.convertToString(values.get(key.name), key.type) : null;
            String builtIn = ConfigDef.convertToString(key.defaultValue, key.type);
            settings.add(BrokerSetting.ofBroker(kafkaName(key.name), builtIn, given, key.type, key.documentation));
        }
        settings.addAll(TopicDefaultKeys.describe(properties));
        settings.addAll(OneNode.settings(String.valueOf(values.get(DATA_DIR))));
        return settings;
    }

    static String kafkaName(String key) {
        return key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
    }

    private static ConfigDef define() {
        ConfigDef keys = new ConfigDef();
        storage(keys);
        cleaner(keys);
        network(keys);
        groups(keys);
        transactions(keys);
        return keys;
    }

    private static void storage(ConfigDef keys) {
        keys.define(DATA_DIR, STRING, "./levada-data", HIGH, "The folder of everything the broker stores.")
                .define(
                        FLUSH,
                        STRING,
                        "fsync",
                        ValidString.in("fsync", "os"),
                        HIGH,
                        "fsync acknowledges acks=all once the records are on disk; os leaves that to the operating system.")
                .define(
                        RETENTION_CHECK_MS,
                        LONG,
                        300_000L,
                        atLeast(1),
                        MEDIUM,
                        "How often records past their retention are looked for.")
                .define(
                        OPEN_FILES_MAX,
                        INT,
                        -1,
                        atLeast(-1),
                        MEDIUM,
                        "How many log files are open at once; others are opened when they are used."
                                + " -1 for half of what the process may open, at most 4096.")
                .define(NUM_PARTITIONS, INT, 1, atLeast(1), MEDIUM, "Partitions of a topic that does not say how many.")
                .define(
                        MAX_PARTITIONS,
                        INT,
                        10_000,
                        atLeast(1),
                        MEDIUM,
                        "How many partitions all topics may have together.")
                .define(
                        AUTO_CREATE,
                        BOOLEAN,
                        true,
                        MEDIUM,
                        "Whether a topic is created when a client first asks for it.");
    }

    private static void cleaner(ConfigDef keys) {
        keys.define(CLEANER_ENABLE, BOOLEAN, true, MEDIUM, "Whether topics with cleanup.policy=compact are compacted.")
                .define(CLEANER_THREADS, INT, 1, atLeast(1), MEDIUM, "How many partitions are compacted at once.")
                .define(
                        CLEANER_DEDUPE_BYTES,
                        LONG,
                        // Kafka takes 128 MiB when it starts; here it is shared with the worker, and taken while it is
                        // used.
                        32L << 20,
                        atLeast(1 << 20),
                        MEDIUM,
                        "Memory for keys while partitions are compacted, 24 bytes a key, all threads together.")
                .define(CLEANER_LOAD_FACTOR, DOUBLE, 0.9, between(0.01, 1), LOW, "How full that memory may get.")
                .define(
                        CLEANER_IO_BYTES,
                        DOUBLE,
                        Double.MAX_VALUE,
                        atLeast(1),
                        MEDIUM,
                        "How many bytes per second compaction may read and write.")
                .define(
                        CLEANER_BACKOFF_MS,
                        LONG,
                        15_000L,
                        atLeast(1),
                        MEDIUM,
                        "How long the cleaner waits when there is nothing to compact.");
    }

    private static void network(ConfigDef keys) {
        keys.define(
                        LISTENERS,
                        STRING,
                        "PLAINTEXT://localhost:9092",
                        HIGH,
                        "Where to listen, NAME://host:port, comma-separated.")
                .define(
                        INSECURE,
                        BOOLEAN,
                        false,
                        HIGH,
                        "Whether a listener that other machines can reach is accepted, although nobody has to log in.")
                .define(
                        ADVERTISED_LISTENERS,
                        STRING,
                        "",
                        HIGH,
                        "What clients are told to connect to, if not the listeners.")
                .define(REQUEST_MAX_BYTES, INT, 104_857_600, atLeast(1), MEDIUM, "The largest request taken, in bytes.")
                .define(
                        QUEUED_MAX_BYTES,
                        LONG,
                        -1L,
                        atLeast(-1),
                        MEDIUM,
                        "What the requests of all connections may take in memory together, in bytes; -1 for a quarter of the heap.")
                .define(
                        SEND_BUFFER_BYTES,
                        INT,
                        102_400,
                        atLeast(-1),
                        MEDIUM,
                        "What the kernel buffers of answers to one client, in bytes; -1 leaves it to the operating system.")
                .define(
                        RECEIVE_BUFFER_BYTES,
                        INT,
                        102_400,
                        atLeast(-1),
                        MEDIUM,
                        "What the kernel buffers of one client's requests, in bytes; -1 leaves it to the operating system.")
                .define(
                        IDLE_MAX_MS,
                        LONG,
                        600_000L,
                        atLeast(1),
                        MEDIUM,
                        "After how much silence a connection is closed.")
                .define(
                        FETCH_MAX_BYTES,
                        INT,
                        57_671_680,
                        atLeast(1024),
                        MEDIUM,
                        "The most that one fetch answer carries, in bytes.")
                .define(FETCH_SESSIONS, INT, 1000, atLeast(0), MEDIUM, "How many incremental fetch sessions are kept.")
                .define(NETWORK_THREADS, INT, Math.min(CORES, 4), atLeast(1), MEDIUM, "Event loops.")
                .define(
                        IO_THREADS,
                        INT,
                        Math.min(2 * CORES, 8),
                        atLeast(1),
                        MEDIUM,
                        "Threads that append, and as many that read.");
    }

    private static void groups(ConfigDef keys) {
        keys.define(
                        OFFSETS_PARTITIONS,
                        INT,
                        // Kafka's 50 spread the load over many brokers; here each would only cost open files and
                        // start-up time.
                        5,
                        atLeast(1),
                        MEDIUM,
                        "Partitions of __consumer_offsets, fixed when it is made.")
                .define(
                        OFFSETS_SEGMENT_BYTES,
                        INT,
                        104_857_600,
                        atLeast(1024),
                        MEDIUM,
                        "Segment size of __consumer_offsets.")
                .define(
                        OFFSETS_RETENTION_MINUTES,
                        LONG,
                        10_080L,
                        atLeast(1),
                        MEDIUM,
                        "How long offsets of a group without members are kept.")
                .define(
                        OFFSETS_EXPIRY_INTERVAL_MS,
                        LONG,
                        600_000L,
                        atLeast(1),
                        LOW,
                        "How often offsets that are past their retention are looked for.")
                .define(
                        OFFSET_METADATA_MAX_BYTES,
                        INT,
                        4096,
                        between(0, 10_000),
                        MEDIUM,
                        "The longest note a client may commit with an offset.")
                .define(
                        REBALANCE_DELAY_MS,
                        LONG,
                        // Kafka waits three seconds for the members of a large group to arrive; one process would only
                        // be slow to start.
                        0L,
                        atLeast(0),
                        MEDIUM,
                        "How long a new group waits for more members before its first rebalance.")
                .define(
                        SESSION_MIN_MS,
                        LONG,
                        6_000L,
                        atLeast(1),
                        MEDIUM,
                        "The shortest session timeout a member may ask for.")
                .define(
                        SESSION_MAX_MS,
                        LONG,
                        1_800_000L,
                        atLeast(1),
                        MEDIUM,
                        "The longest session timeout a member may ask for.")
                .define(
                        GROUP_MAX_SIZE,
                        INT,
                        Integer.MAX_VALUE,
                        atLeast(1),
                        MEDIUM,
                        "How many members a group may have.");
    }

    private static void transactions(ConfigDef keys) {
        keys.define(
                        TXN_PARTITIONS,
                        INT,
                        50,
                        atLeast(1),
                        MEDIUM,
                        "Partitions of __transaction_state, fixed when it is made.")
                .define(
                        TXN_SEGMENT_BYTES,
                        INT,
                        104_857_600,
                        atLeast(1024),
                        MEDIUM,
                        "Segment size of __transaction_state.")
                .define(
                        TXN_TIMEOUT_MAX_MS,
                        INT,
                        900_000,
                        atLeast(1),
                        MEDIUM,
                        "The longest transaction.timeout.ms a producer may ask for.")
                .define(
                        TXN_ID_EXPIRATION_MS,
                        LONG,
                        604_800_000L,
                        atLeast(1),
                        MEDIUM,
                        "How long a transactional id that nobody uses is kept.")
                .define(
                        TXN_TIMEOUT_INTERVAL_MS,
                        LONG,
                        10_000L,
                        atLeast(1),
                        MEDIUM,
                        "How often transactions past their time-out are looked for, to abort them.")
                .define(
                        TXN_EXPIRATION_INTERVAL_MS,
                        LONG,
                        3_600_000L,
                        atLeast(1),
                        MEDIUM,
                        "How often transactional ids to forget are looked for.");
    }
}
