/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.clean.CleanerConfig;
import io.levada.broker.group.GroupConfig;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.network.ConnectionSettings;
import io.levada.broker.network.Endpoint;
import io.levada.broker.topic.BrokerSetting;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.txn.TransactionConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/**
 * The broker's settings. An instance is valid.
 *
 * @param listeners where to listen, at least one
 * @param advertised what clients are told instead, per listener; empty for the listeners themselves
 * @param dataDir the folder of everything the broker stores
 * @param flush when an acks=all append counts as stored
 * @param autoCreateTopics whether a topic is made when a client first asks for it
 * @param topics what a topic gets that does not say otherwise
 * @param connections limits of a connection
 * @param groups limits of groups and their offsets
 * @param cleaner how much compaction may use
 * @param transactions limits of transactions and their ids
 * @param load sizes and numbers of threads
 * @param described every setting as administrators see it
 */
public record BrokerConfig(
        List<Endpoint> listeners,
        List<Endpoint> advertised,
        Path dataDir,
        FlushPolicy flush,
        boolean autoCreateTopics,
        TopicDefaults topics,
        ConnectionSettings connections,
        GroupConfig groups,
        CleanerConfig cleaner,
        TransactionConfig transactions,
        Load load,
        List<BrokerSetting> described) {
    // Some clients open a connection to the leader and begin with a produce request, 1 MB by their defaults.
    private static final int FIRST_REQUEST_BYTES_MAX = 2 * 1024 * 1024;
    private static final Duration FIRST_REQUEST_TIME_MAX = Duration.ofSeconds(30);

    public BrokerConfig {
        listeners = List.copyOf(listeners);
        advertised = List.copyOf(advertised);
        described = List.copyOf(described);
    }

    /**
     * How much is done at once.
     *
     * @param fetchBytesMax the most that one fetch answer carries, in bytes
     * @param fetchSessionsMax how many incremental fetch sessions are kept
     * @param networkThreads event loops
     * @param ioThreads threads that append, and as many that read
     * @param openFilesMax how many log files are open at once; 0 or less leaves it to the log
     * @param retentionInterval how often records past their retention are looked for
     */
    public record Load(
            int fetchBytesMax,
            int fetchSessionsMax,
            int networkThreads,
            int ioThreads,
            int openFilesMax,
            Duration retentionInterval) {}

    /**
     * Reads {@code data.dir} and every {@code broker.*} key; other keys belong to others and are left alone.
     *
     * @throws BrokerStartException naming every wrong value and every unknown {@code broker.*} key
     */
    public static BrokerConfig from(Map<String, String> properties) {
        List<String> problems = new ArrayList<>();
        Map<String, Object> values = BrokerConfigKeys.parse(properties, problems);
        Map<String, String> topicConfigs = TopicDefaultKeys.parse(properties, problems);
        try {
            LogConfig.from(topicConfigs);
        } catch (InvalidConfigurationException e) {
            problems.add(e.getMessage());
        }
        if (problems.isEmpty()) {
            return from(new Values(values), topicConfigs, BrokerConfigKeys.describe(properties, values));
        }
        throw new BrokerStartException("the broker's settings are wrong: " + String.join("; ", problems), null);
    }

    private static BrokerConfig from(Values values, Map<String, String> topicConfigs, List<BrokerSetting> described) {
        List<Endpoint> listeners = listeners(BrokerConfigKeys.LISTENERS, values, 1);
        if (!values.flag(BrokerConfigKeys.INSECURE)) {
            listeners.forEach(BrokerConfig::refuseOpenDoor);
        }
        return new BrokerConfig(
                listeners,
                listeners(BrokerConfigKeys.ADVERTISED_LISTENERS, values, 0),
                Path.of(values.text(BrokerConfigKeys.DATA_DIR)).normalize(),
                FlushPolicy.valueOf(values.text(BrokerConfigKeys.FLUSH).toUpperCase(Locale.ROOT)),
                values.flag(BrokerConfigKeys.AUTO_CREATE),
                new TopicDefaults(
                        values.number(BrokerConfigKeys.NUM_PARTITIONS),
                        values.number(BrokerConfigKeys.MAX_PARTITIONS),
                        topicConfigs),
                connections(values),
                groups(values),
                cleaner(values),
                transactions(values),
                new Load(
                        values.number(BrokerConfigKeys.FETCH_MAX_BYTES),
                        values.number(BrokerConfigKeys.FETCH_SESSIONS),
                        values.number(BrokerConfigKeys.NETWORK_THREADS),
                        values.number(BrokerConfigKeys.IO_THREADS),
                        values.number(BrokerConfigKeys.OPEN_FILES_MAX),
                        values.millis(BrokerConfigKeys.RETENTION_CHECK_MS)),
                described);
    }

    private static void refuseOpenDoor(Endpoint listener) {
        if (!listener.isResolvable()) {
            throw new BrokerStartException(
                    "the broker cannot listen on " + listener.address() + ": there is no host '" + listener.host()
                            + "'; correct it in " + BrokerConfigKeys.LISTENERS,
                    null);
        }
        if (!listener.isLoopback()) {
            throw new BrokerStartException(
                    "the broker would listen on " + listener.address()
                            + ", where others can reach it, and nobody has to log in: whoever reaches it can read and change every topic."
                            + " Listen on localhost in " + BrokerConfigKeys.LISTENERS + ", or set "
                            + BrokerConfigKeys.INSECURE
                            + "=true if the network keeps strangers out.",
                    null);
        }
    }

    private static ConnectionSettings connections(Values values) {
        int requestBytesMax = values.number(BrokerConfigKeys.REQUEST_MAX_BYTES);
        return new ConnectionSettings(
                new ConnectionSettings.Frames(Math.min(FIRST_REQUEST_BYTES_MAX, requestBytesMax), requestBytesMax),
                queuedBytesMax(values.longNumber(BrokerConfigKeys.QUEUED_MAX_BYTES)),
                new ConnectionSettings.Buffers(
                        values.number(BrokerConfigKeys.SEND_BUFFER_BYTES),
                        values.number(BrokerConfigKeys.RECEIVE_BUFFER_BYTES)),
                values.millis(BrokerConfigKeys.IDLE_MAX_MS),
                FIRST_REQUEST_TIME_MAX);
    }

    private static CleanerConfig cleaner(Values values) {
        return new CleanerConfig(
                values.flag(BrokerConfigKeys.CLEANER_ENABLE),
                values.number(BrokerConfigKeys.CLEANER_THREADS),
                values.longNumber(BrokerConfigKeys.CLEANER_DEDUPE_BYTES),
                values.fraction(BrokerConfigKeys.CLEANER_LOAD_FACTOR),
                values.fraction(BrokerConfigKeys.CLEANER_IO_BYTES),
                values.millis(BrokerConfigKeys.CLEANER_BACKOFF_MS));
    }

    private static long queuedBytesMax(long wanted) {
        return wanted > 0 ? wanted : Runtime.getRuntime().maxMemory() / 4;
    }

    private static GroupConfig groups(Values values) {
        return new GroupConfig(
                values.number(BrokerConfigKeys.OFFSETS_PARTITIONS),
                values.number(BrokerConfigKeys.OFFSETS_SEGMENT_BYTES),
                Duration.ofMinutes(values.longNumber(BrokerConfigKeys.OFFSETS_RETENTION_MINUTES)),
                values.millis(BrokerConfigKeys.OFFSETS_EXPIRY_INTERVAL_MS),
                values.number(BrokerConfigKeys.OFFSET_METADATA_MAX_BYTES),
                values.millis(BrokerConfigKeys.REBALANCE_DELAY_MS),
                values.millis(BrokerConfigKeys.SESSION_MIN_MS),
                values.millis(BrokerConfigKeys.SESSION_MAX_MS),
                values.number(BrokerConfigKeys.GROUP_MAX_SIZE));
    }

    private static TransactionConfig transactions(Values values) {
        return new TransactionConfig(
                values.number(BrokerConfigKeys.TXN_PARTITIONS),
                values.number(BrokerConfigKeys.TXN_SEGMENT_BYTES),
                values.millis(BrokerConfigKeys.TXN_TIMEOUT_MAX_MS),
                values.millis(BrokerConfigKeys.TXN_ID_EXPIRATION_MS),
                values.millis(BrokerConfigKeys.TXN_TIMEOUT_INTERVAL_MS),
                values.millis(BrokerConfigKeys.TXN_EXPIRATION_INTERVAL_MS));
    }

    private static List<Endpoint> listeners(String key, Values values, int atLeast) {
        try {
            List<Endpoint> endpoints = Arrays.stream(values.text(key).split(","))
                    .filter(text -> !text.isBlank())
                    .map(Endpoint::parse)
                    .toList();
            check(endpoints, atLeast);
            return endpoints;
        } catch (IllegalArgumentException e) {
            throw new BrokerStartException(key + "=" + values.text(key) + " is wrong: " + e.getMessage(), e);
        }
    }

    private static void check(List<Endpoint> endpoints, int atLeast) {
        if (endpoints.size() < atLeast) {
            throw new IllegalArgumentException("it needs an entry such as PLAINTEXT://localhost:9092");
        }
        Set<String> names = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            String name = endpoint.listener().value();
            if (name.equals("SSL") || name.startsWith("SASL_")) {
                throw new IllegalArgumentException("the broker does not serve " + name + " yet; use PLAINTEXT");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("the listener name " + name + " stands twice; each needs its own");
            }
        }
    }

    /** Parsed values by key. */
    private record Values(Map<String, Object> parsed) {
        String text(String key) {
            return (String) parsed.getOrDefault(key, "");
        }

        int number(String key) {
            return Math.toIntExact(longNumber(key));
        }

        long longNumber(String key) {
            return ((Number) parsed.getOrDefault(key, 0)).longValue();
        }

        double fraction(String key) {
            return ((Number) parsed.getOrDefault(key, 0)).doubleValue();
        }

        boolean flag(String key) {
            return (Boolean) parsed.getOrDefault(key, false);
        }

        Duration millis(String key) {
            return Duration.ofMillis(longNumber(key));
        }
    }
}
