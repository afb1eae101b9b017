/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.topic.BrokerSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Kafka's broker-wide names of topic settings, with our prefix: {@code broker.log.retention.ms} is the default of {@code retention.ms}. */
final class TopicDefaultKeys {
    private static final Map<String, String> SAME_UNIT = Map.ofEntries(
            Map.entry("broker.log.segment.bytes", TopicConfig.SEGMENT_BYTES_CONFIG),
            Map.entry("broker.log.roll.ms", TopicConfig.SEGMENT_MS_CONFIG),
            Map.entry("broker.log.roll.jitter.ms", TopicConfig.SEGMENT_JITTER_MS_CONFIG),
            Map.entry("broker.log.index.size.max.bytes", TopicConfig.SEGMENT_INDEX_BYTES_CONFIG),
            Map.entry("broker.log.index.interval.bytes", TopicConfig.INDEX_INTERVAL_BYTES_CONFIG),
            Map.entry("broker.log.segment.delete.delay.ms", TopicConfig.FILE_DELETE_DELAY_MS_CONFIG),
            Map.entry("broker.log.cleanup.policy", TopicConfig.CLEANUP_POLICY_CONFIG),
            Map.entry("broker.log.retention.ms", TopicConfig.RETENTION_MS_CONFIG),
            Map.entry("broker.log.retention.bytes", TopicConfig.RETENTION_BYTES_CONFIG),
            Map.entry("broker.log.cleaner.delete.retention.ms", TopicConfig.DELETE_RETENTION_MS_CONFIG),
            Map.entry("broker.log.cleaner.min.compaction.lag.ms", TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG),
            Map.entry("broker.log.cleaner.max.compaction.lag.ms", TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG),
            Map.entry("broker.log.cleaner.min.cleanable.ratio", TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG),
            Map.entry("broker.log.message.timestamp.type", TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG),
            Map.entry("broker.log.message.timestamp.before.max.ms", TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
            Map.entry("broker.log.message.timestamp.after.max.ms", TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
            Map.entry("broker.compression.gzip.level", TopicConfig.COMPRESSION_GZIP_LEVEL_CONFIG),
            Map.entry("broker.compression.lz4.level", TopicConfig.COMPRESSION_LZ4_LEVEL_CONFIG),
            Map.entry("broker.compression.zstd.level", TopicConfig.COMPRESSION_ZSTD_LEVEL_CONFIG),
            Map.entry("broker.message.max.bytes", TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
            Map.entry("broker.min.insync.replicas", TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
            Map.entry("broker.log.preallocate", TopicConfig.PREALLOCATE_CONFIG),
            Map.entry("broker.log.flush.interval.messages", TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG),
            Map.entry("broker.log.flush.interval.ms", TopicConfig.FLUSH_MS_CONFIG),
            Map.entry("broker.unclean.leader.election.enable", TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG));
    /** Kafka's older spellings; where two are given, the one in milliseconds wins, then the one in minutes. */
    private static final List<Coarse> COARSE = List.of(
            new Coarse("broker.log.retention.hours", TopicConfig.RETENTION_MS_CONFIG, TimeUnit.HOURS, "168"),
            new Coarse("broker.log.retention.minutes", TopicConfig.RETENTION_MS_CONFIG, TimeUnit.MINUTES, null),
            new Coarse("broker.log.roll.jitter.hours", TopicConfig.SEGMENT_JITTER_MS_CONFIG, TimeUnit.HOURS, "0"),
            new Coarse("broker.log.roll.hours", TopicConfig.SEGMENT_MS_CONFIG, TimeUnit.HOURS, "168"));

    private TopicDefaultKeys() {}

    static Collection<String> names() {
        List<String> names = new ArrayList<>(SAME_UNIT.keySet());
        COARSE.forEach(key -> names.add(key.name));
        return names;
    }

    /** The topic settings in {@code properties}, by their names on a topic. Values are checked by who reads them. */
    static Map<String, String> parse(Map<String, String> properties, List<String> problems) {
        Map<String, String> configs = new HashMap<>();
        COARSE.forEach(key -> key.copy(properties, configs, problems));
        SAME_UNIT.forEach((name, topicName) -> {
            String value = properties.get(name);
            if (value != null) {
                configs.put(topicName, value);
            }
        });
        return configs;
    }

    /** Every key with what the properties say, spellings of the same setting in the order in which they count. */
    static List<BrokerSetting> describe(Map<String, String> properties) {
        Map<String, ConfigDef.ConfigKey> topicKeys = LogConfig.definition().configKeys();
        List<BrokerSetting> settings = new ArrayList<>();
        new TreeMap<>(SAME_UNIT).forEach((name, topicName) -> {
            ConfigDef.ConfigKey key = Objects.requireNonNull(topicKeys.get(topicName), topicName);
            boolean coarse = COARSE.stream().anyMatch(other -> other.topicName.equals(topicName));
            settings.add(new BrokerSetting(
                    BrokerConfigKeys.kafkaName(name),
                    // The default stands with the coarsest spelling, as in Kafka.
                    coarse ? null : ConfigDef.convertToString(key.defaultValue, key.type),
                    properties.get(name),
                    key.type,
                    "The default of " + topicName + ": " + key.documentation,
                    topicName,
                    1));
        });
        COARSE.stream()
                .sorted(Comparator.comparing(key -> key.unit))
                .forEach(key -> settings.add(key.describe(properties)));
        return settings;
    }

    private record Coarse(
            String name,
            String topicName,
            TimeUnit unit,
            @Nullable String defaultValue) {
        BrokerSetting describe(Map<String, String> properties) {
            return new BrokerSetting(
                    BrokerConfigKeys.kafkaName(name),
                    defaultValue,
                    properties.get(name),
                    ConfigDef.Type.INT,
                    "The default of " + topicName + ", in " + unit.name().toLowerCase(Locale.ROOT) + ".",
                    topicName,
                    unit.toMillis(1));
        }

        void copy(Map<String, String> properties, Map<String, String> configs, List<String> problems) {
            String value = properties.get(name);
            if (value == null) {
                return;
            }
            try {
                long amount = Long.parseLong(value.trim());
                configs.put(topicName, Long.toString(amount < 0 ? amount : unit.toMillis(amount)));
            } catch (NumberFormatException e) {
                problems.add("Invalid value " + value + " for configuration " + name + ": it must be a whole number");
            }
        }
    }
}
