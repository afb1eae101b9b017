/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.record.TimestampType;

/**
 * A topic's storage settings, with Kafka's names and defaults. An instance is valid.
 *
 * @param segment when a segment is full and how it is indexed
 * @param retention what is kept
 * @param compaction how far a compacted log may lag behind
 * @param message what a batch must satisfy
 * @param minInSyncReplicas how many replicas acks=all asks for; this broker is one replica
 */
public record LogConfig(
        Segment segment, Retention retention, Compaction compaction, Message message, int minInSyncReplicas) {

    /**
     * @param bytes roll before the file grows past this
     * @param ms roll when the new batch is this much younger than the first one; in a compacted topic {@code max.compaction.lag.ms} at most
     * @param jitterMs at most this is taken off {@code ms}, so that partitions do not roll together
     * @param indexBytes the largest size of one index file
     * @param indexIntervalBytes log bytes between two index entries
     * @param deleteDelayMs how long a removed file stays open for readers that still send from it
     */
    public record Segment(
            int bytes, long ms, long jitterMs, int indexBytes, int indexIntervalBytes, long deleteDelayMs) {}

    /**
     * @param deletes whether {@code cleanup.policy} holds delete
     * @param compacts whether {@code cleanup.policy} holds compact
     * @param ms age after which a sealed segment goes, -1 for never
     * @param bytes size of the partition above which its oldest segments go, -1 for no limit
     */
    public record Retention(boolean deletes, boolean compacts, long ms, long bytes) {}

    /** Settings of the compactor; ratios are in [0, 1], times in milliseconds. */
    public record Compaction(double minCleanableDirtyRatio, long tombstoneRetentionMs, long minLagMs, long maxLagMs) {}

    /**
     * @param maxBytes the largest batch
     * @param maxDecompressedBytes the largest record that is decompressed to look into it
     * @param timestampType whose clock the batch carries
     * @param beforeMaxMs how far a producer's timestamp may lie in the past
     * @param afterMaxMs how far a producer's timestamp may lie in the future
     * @param compression how batches are stored; empty for as the producer compressed them
     */
    public record Message(
            int maxBytes,
            int maxDecompressedBytes,
            TimestampType timestampType,
            long beforeMaxMs,
            long afterMaxMs,
            Optional<Compression> compression) {}

    /** Kafka's defaults. */
    public static LogConfig defaults() {
        return from(Map.of());
    }

    /**
     * Reads topic settings.
     *
     * @throws InvalidConfigurationException telling every key that is unknown, unsupported or out of range
     */
    public static LogConfig from(Map<String, String> settings) {
        AbstractConfig values = LogConfigKeys.parse(settings);
        List<String> policies = values.getList(TopicConfig.CLEANUP_POLICY_CONFIG);
        return new LogConfig(
                new Segment(
                        values.getInt(TopicConfig.SEGMENT_BYTES_CONFIG),
                        rollMs(values, policies),
                        values.getLong(TopicConfig.SEGMENT_JITTER_MS_CONFIG),
                        values.getInt(TopicConfig.SEGMENT_INDEX_BYTES_CONFIG),
                        values.getInt(TopicConfig.INDEX_INTERVAL_BYTES_CONFIG),
                        values.getLong(TopicConfig.FILE_DELETE_DELAY_MS_CONFIG)),
                new Retention(
                        policies.contains(TopicConfig.CLEANUP_POLICY_DELETE),
                        policies.contains(TopicConfig.CLEANUP_POLICY_COMPACT),
                        values.getLong(TopicConfig.RETENTION_MS_CONFIG),
                        values.getLong(TopicConfig.RETENTION_BYTES_CONFIG)),
                new Compaction(
                        values.getDouble(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG),
                        values.getLong(TopicConfig.DELETE_RETENTION_MS_CONFIG),
                        values.getLong(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG),
                        values.getLong(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)),
                new Message(
                        values.getInt(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                        values.getInt(TopicConfig.MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG),
                        TimestampType.forName(values.getString(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)),
                        values.getLong(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
                        values.getLong(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
                        compression(values)),
                values.getInt(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
    }

    /** The active segment is never compacted: it must not grow older than records may wait for that. */
    private static long rollMs(AbstractConfig values, List<String> policies) {
        long segmentMs = values.getLong(TopicConfig.SEGMENT_MS_CONFIG);
        return policies.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? Math.min(segmentMs, values.getLong(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG))
                : segmentMs;
    }

    private static Optional<Compression> compression(AbstractConfig values) {
        return switch (values.getString(TopicConfig.COMPRESSION_TYPE_CONFIG)) {
            case LogConfigKeys.AS_PRODUCED -> Optional.empty();
            case LogConfigKeys.UNCOMPRESSED -> Optional.of(Compression.NONE);
            case "gzip" ->
                Optional.of(Compression.gzip()
                        .level(values.getInt(TopicConfig.COMPRESSION_GZIP_LEVEL_CONFIG))
                        .build());
            case "lz4" ->
                Optional.of(Compression.lz4()
                        .level(values.getInt(TopicConfig.COMPRESSION_LZ4_LEVEL_CONFIG))
                        .build());
            case "zstd" ->
                Optional.of(Compression.zstd()
                        .level(values.getInt(TopicConfig.COMPRESSION_ZSTD_LEVEL_CONFIG))
                        .build());
            default -> Optional.of(Compression.snappy().build());
        };
    }

    /** Every key with its type, default and documentation, as DescribeConfigs reports them. */
    public static ConfigDef definition() {
        return LogConfigKeys.definition();
    }
}
