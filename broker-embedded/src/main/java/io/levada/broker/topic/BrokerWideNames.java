/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/** Under which names Kafka's brokers take, while they run, what holds for topics that do not say otherwise. */
final class BrokerWideNames {
    private static final Map<String, String> TOPIC_KEYS = Map.ofEntries(
            Map.entry("log.segment.bytes", TopicConfig.SEGMENT_BYTES_CONFIG),
            Map.entry("log.roll.ms", TopicConfig.SEGMENT_MS_CONFIG),
            Map.entry("log.roll.jitter.ms", TopicConfig.SEGMENT_JITTER_MS_CONFIG),
            Map.entry("log.index.size.max.bytes", TopicConfig.SEGMENT_INDEX_BYTES_CONFIG),
            Map.entry("log.index.interval.bytes", TopicConfig.INDEX_INTERVAL_BYTES_CONFIG),
            Map.entry("log.segment.delete.delay.ms", TopicConfig.FILE_DELETE_DELAY_MS_CONFIG),
            Map.entry("log.cleanup.policy", TopicConfig.CLEANUP_POLICY_CONFIG),
            Map.entry("log.retention.ms", TopicConfig.RETENTION_MS_CONFIG),
            Map.entry("log.retention.bytes", TopicConfig.RETENTION_BYTES_CONFIG),
            Map.entry("log.cleaner.delete.retention.ms", TopicConfig.DELETE_RETENTION_MS_CONFIG),
            Map.entry("log.cleaner.min.compaction.lag.ms", TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG),
            Map.entry("log.cleaner.max.compaction.lag.ms", TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG),
            Map.entry("log.cleaner.min.cleanable.ratio", TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG),
            Map.entry("log.message.timestamp.type", TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG),
            Map.entry("log.message.timestamp.before.max.ms", TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
            Map.entry("log.message.timestamp.after.max.ms", TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
            Map.entry("message.max.bytes", TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
            Map.entry("compression.type", TopicConfig.COMPRESSION_TYPE_CONFIG));

    private BrokerWideNames() {}

    static Optional<String> topicKey(String brokerKey) {
        return Optional.ofNullable(TOPIC_KEYS.get(brokerKey));
    }
}
