/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import io.levada.runtime.spelling.Spelling;
import io.levada.runtime.validation.keys.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a source's topic creation groups, {@code topic.creation.<group>.<setting>} (KIP-158). Brokers may have settings that we do not
 * know; one that resembles a known one is told.
 */
final class TopicGroups {
    static final String PREFIX = "topic.creation.";

    private static final List<String> SETTINGS = List.of(
            "include",
            "exclude",
            "replication.factor",
            "partitions",
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            TopicConfig.FILE_DELETE_DELAY_MS_CONFIG,
            TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG,
            TopicConfig.FLUSH_MS_CONFIG,
            TopicConfig.INDEX_INTERVAL_BYTES_CONFIG,
            TopicConfig.LOCAL_LOG_RETENTION_BYTES_CONFIG,
            TopicConfig.LOCAL_LOG_RETENTION_MS_CONFIG,
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
            TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
            TopicConfig.PREALLOCATE_CONFIG,
            TopicConfig.REMOTE_LOG_STORAGE_ENABLE_CONFIG,
            TopicConfig.RETENTION_BYTES_CONFIG,
            TopicConfig.RETENTION_MS_CONFIG,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
            TopicConfig.SEGMENT_JITTER_MS_CONFIG,
            TopicConfig.SEGMENT_MS_CONFIG,
            TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);

    private final List<String> groups;

    TopicGroups(Map<String, @Nullable String> config) {
        this.groups = Stream.concat(Stream.of("default"), Names.listed(config.get(PREFIX + "groups")).stream())
                .distinct()
                .toList();
    }

    /** What is wrong with a key below {@link #PREFIX}, if anything is. */
    Optional<UnknownKey> judge(String key) {
        for (String group : groups) {
            String prefix = PREFIX + group + ".";
            if (key.startsWith(prefix)) {
                return UnknownKey.resembling(key, prefix, SETTINGS, "the settings of a topic");
            }
        }
        List<String> meant = new ArrayList<>(Spelling.nearestPrefix(
                key, groups.stream().map(group -> PREFIX + group + ".").toList()));
        int dot = key.indexOf('.', PREFIX.length());
        String group = dot < 0 ? key.substring(PREFIX.length()) : key.substring(PREFIX.length(), dot);
        return Optional.of(new UnknownKey(
                key,
                meant,
                "The key " + key + " has no effect: topic.creation.groups does not list " + group + ". Add it there."
                        + UnknownKey.didYouMean(meant)));
    }
}
