/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.levada.broker.spelling.NearestKey;
import io.levada.broker.spelling.SettingProblems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.record.internal.CompressionType;

/** The topic keys this broker knows, declared once: names, types, defaults, ranges. */
final class LogConfigKeys {
    static final String AS_PRODUCED = "producer";
    static final String UNCOMPRESSED = "uncompressed";

    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1000;

    private static final String THROTTLED_DOC =
            "Replicas whose copying is slowed down, as partition:broker, or * for all. There is nothing to copy on one node.";
    private static final Pattern THROTTLED_REPLICA = Pattern.compile("[0-9]+:[0-9]+");
    private static final Validator THROTTLED = LogConfigKeys::checkThrottled;
    private static final ConfigDef KEYS = keys();

    private LogConfigKeys() {}

    static ConfigDef definition() {
        return new ConfigDef(KEYS);
    }

    static AbstractConfig parse(Map<String, String> settings) {
        List<String> problems = new ArrayList<>();
        for (String key : new TreeMap<>(settings).keySet()) {
            if (!KEYS.names().contains(key)) {
                problems.add("unknown topic setting " + key
                        + NearestKey.to(key, KEYS.names())
                                .map(near -> ", did you mean " + near + "?")
                                .orElseGet(() ->
                                        "; known are " + String.join(", ", new TreeMap<>(KEYS.configKeys()).keySet())));
            }
        }
        problems.addAll(SettingProblems.of(KEYS, settings));
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(String.join("; ", problems));
        }
        AbstractConfig parsed = new AbstractConfig(KEYS, settings, false);
        long minLagMs = parsed.getLong(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG);
        long maxLagMs = parsed.getLong(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
        if (minLagMs > maxLagMs) {
            throw new InvalidConfigurationException(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG + "=" + minLagMs
                    + " is larger than " + TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG + "=" + maxLagMs);
        }
        return parsed;
    }

    private static ConfigDef keys() {
        ConfigDef keys = new ConfigDef();
        segments(keys);
        retention(keys);
        messages(keys);
        compression(keys);
        fixed(keys);
        withoutEffect(keys);
        return keys;
    }

    private static void segments(ConfigDef keys) {
        keys.define(
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        INT,
                        1 << 30,
                        atLeast(1024),
                        MEDIUM,
                        TopicConfig.SEGMENT_BYTES_DOC)
                .define(TopicConfig.SEGMENT_MS_CONFIG, LONG, WEEK_MS, atLeast(1), MEDIUM, TopicConfig.SEGMENT_MS_DOC)
                .define(
                        TopicConfig.SEGMENT_JITTER_MS_CONFIG,
                        LONG,
                        0L,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.SEGMENT_JITTER_MS_DOC)
                .define(
                        TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
                        INT,
                        10 << 20,
                        atLeast(4),
                        MEDIUM,
                        TopicConfig.SEGMENT_INDEX_BYTES_DOC)
                .define(
                        TopicConfig.INDEX_INTERVAL_BYTES_CONFIG,
                        INT,
                        4096,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.INDEX_INTERVAL_BYTES_DOC)
                .define(
                        TopicConfig.FILE_DELETE_DELAY_MS_CONFIG,
                        LONG,
                        60_000L,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.FILE_DELETE_DELAY_MS_DOC);
    }

    private static void retention(ConfigDef keys) {
        keys.define(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        LIST,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        ValidList.in(TopicConfig.CLEANUP_POLICY_COMPACT, TopicConfig.CLEANUP_POLICY_DELETE),
                        MEDIUM,
                        TopicConfig.CLEANUP_POLICY_DOC)
                .define(
                        TopicConfig.RETENTION_MS_CONFIG,
                        LONG,
                        WEEK_MS,
                        atLeast(-1),
                        MEDIUM,
                        TopicConfig.RETENTION_MS_DOC)
                .define(TopicConfig.RETENTION_BYTES_CONFIG, LONG, -1L, MEDIUM, TopicConfig.RETENTION_BYTES_DOC)
                .define(
                        TopicConfig.DELETE_RETENTION_MS_CONFIG,
                        LONG,
                        WEEK_MS / 7,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.DELETE_RETENTION_MS_DOC)
                .define(
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        LONG,
                        0L,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.MIN_COMPACTION_LAG_MS_DOC)
                .define(
                        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                        LONG,
                        Long.MAX_VALUE,
                        atLeast(1),
                        MEDIUM,
                        TopicConfig.MAX_COMPACTION_LAG_MS_DOC)
                .define(
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                        DOUBLE,
                        0.5,
                        between(0, 1),
                        MEDIUM,
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_DOC);
    }

    private static void messages(ConfigDef keys) {
        keys.define(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        INT,
                        1_048_588,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.MAX_MESSAGE_BYTES_DOC)
                .define(
                        TopicConfig.MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG,
                        INT,
                        Integer.MAX_VALUE,
                        atLeast(1),
                        MEDIUM,
                        TopicConfig.MAX_DECOMPRESSED_MESSAGE_BYTES_DOC)
                .define(
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        STRING,
                        "CreateTime",
                        ValidString.in("CreateTime", "LogAppendTime"),
                        MEDIUM,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_DOC)
                .define(
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                        LONG,
                        Long.MAX_VALUE,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_DOC)
                .define(
                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                        LONG,
                        3_600_000L,
                        atLeast(0),
                        MEDIUM,
                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_DOC)
                .define(
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        INT,
                        1,
                        atLeast(1),
                        MEDIUM,
                        TopicConfig.MIN_IN_SYNC_REPLICAS_DOC);
    }

    private static void compression(ConfigDef keys) {
        keys.define(
                TopicConfig.COMPRESSION_TYPE_CONFIG,
                STRING,
                AS_PRODUCED,
                ValidString.in(AS_PRODUCED, UNCOMPRESSED, "gzip", "snappy", "lz4", "zstd"),
                MEDIUM,
                TopicConfig.COMPRESSION_TYPE_DOC);
        level(
                keys,
                TopicConfig.COMPRESSION_GZIP_LEVEL_CONFIG,
                CompressionType.GZIP,
                TopicConfig.COMPRESSION_GZIP_LEVEL_DOC);
        level(
                keys,
                TopicConfig.COMPRESSION_LZ4_LEVEL_CONFIG,
                CompressionType.LZ4,
                TopicConfig.COMPRESSION_LZ4_LEVEL_DOC);
        level(
                keys,
                TopicConfig.COMPRESSION_ZSTD_LEVEL_CONFIG,
                CompressionType.ZSTD,
                TopicConfig.COMPRESSION_ZSTD_LEVEL_DOC);
    }

    private static void level(ConfigDef keys, String name, CompressionType type, String documentation) {
        keys.define(name, INT, type.defaultLevel(), type.levelValidator(), MEDIUM, documentation);
    }

    /** Kafka's keys that have one meaning here: the value that says what we do is accepted, any other is refused with the reason. */
    private static void fixed(ConfigDef keys) {
        keys.define(
                TopicConfig.REMOTE_LOG_STORAGE_ENABLE_CONFIG,
                BOOLEAN,
                false,
                only(false, "there is no tiered storage"),
                LOW,
                TopicConfig.REMOTE_LOG_STORAGE_ENABLE_DOC);
    }

    /**
     * Keys that are taken with any value Kafka takes, and change nothing: broker.flush decides when records are forced to disk, files grow as they are
     * written, and what concerns replicas, elections and tiered storage has no meaning on one node without it.
     */
    private static void withoutEffect(ConfigDef keys) {
        keys.define(TopicConfig.PREALLOCATE_CONFIG, BOOLEAN, false, LOW, TopicConfig.PREALLOCATE_DOC)
                .define(
                        TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG,
                        LONG,
                        Long.MAX_VALUE,
                        atLeast(1),
                        LOW,
                        TopicConfig.FLUSH_MESSAGES_INTERVAL_DOC)
                .define(TopicConfig.FLUSH_MS_CONFIG, LONG, Long.MAX_VALUE, atLeast(0), LOW, TopicConfig.FLUSH_MS_DOC)
                .define(
                        TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                        BOOLEAN,
                        false,
                        LOW,
                        TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_DOC)
                .define("leader.replication.throttled.replicas", LIST, List.of(), THROTTLED, LOW, THROTTLED_DOC)
                .define("follower.replication.throttled.replicas", LIST, List.of(), THROTTLED, LOW, THROTTLED_DOC)
                .define(
                        TopicConfig.LOCAL_LOG_RETENTION_MS_CONFIG,
                        LONG,
                        -2L,
                        atLeast(-2),
                        LOW,
                        TopicConfig.LOCAL_LOG_RETENTION_MS_DOC)
                .define(
                        TopicConfig.LOCAL_LOG_RETENTION_BYTES_CONFIG,
                        LONG,
                        -2L,
                        atLeast(-2),
                        LOW,
                        TopicConfig.LOCAL_LOG_RETENTION_BYTES_DOC)
                .define(
                        TopicConfig.REMOTE_LOG_COPY_DISABLE_CONFIG,
                        BOOLEAN,
                        false,
                        LOW,
                        TopicConfig.REMOTE_LOG_COPY_DISABLE_DOC)
                .define(
                        TopicConfig.REMOTE_LOG_DELETE_ON_DISABLE_CONFIG,
                        BOOLEAN,
                        false,
                        LOW,
                        TopicConfig.REMOTE_LOG_DELETE_ON_DISABLE_DOC);
    }

    private static void checkThrottled(String name, Object value) {
        List<?> replicas = (List<?>) value;
        boolean wellFormed = replicas.equals(List.of("*"))
                || replicas.stream()
                        .allMatch(replica -> THROTTLED_REPLICA
                                .matcher(String.valueOf(replica))
                                .matches());
        if (!wellFormed) {
            throw new ConfigException(name, value, "it is *, or a list of partition:broker");
        }
    }

    private static Validator only(Object accepted, String reason) {
        return (name, value) -> {
            if (!Objects.equals(value, accepted)) {
                throw new ConfigException(name, value, "only " + accepted + " is possible here: " + reason);
            }
        };
    }
}
