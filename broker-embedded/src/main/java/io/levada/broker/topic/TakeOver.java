/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.takeover.ClusterMetadata;
import io.levada.broker.takeover.DescribedTopic;
import io.levada.broker.topic.TopicsAtStart.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics of folders that another broker left. Their settings are those of Kafka's metadata log. What that does not tell, above all how long to keep
 * records, is for ever: a default of ours must not delete what Kafka's own configuration file kept.
 */
final class TakeOver {
    private static final Logger LOGGER = LoggerFactory.getLogger(TakeOver.class);
    private static final String FOR_EVER = "-1";
    private static final Set<String> COMPACTED_BY_KAFKA = Set.of(
            org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME,
            org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME);

    private final Path dataDir;
    private final int nodeId;
    private final TopicDefaults defaults;
    private @Nullable Metadata metadata;

    /** What there is of a metadata log: all of it, none, or one that cannot be understood. */
    private record Metadata(Optional<ClusterMetadata> cluster, boolean isReadable) {}

    TakeOver(Path dataDir, int nodeId, TopicDefaults defaults) {
        this.dataDir = dataDir;
        this.nodeId = nodeId;
        this.defaults = defaults;
    }

    /**
     * The topic of these folders.
     *
     * @param isFirst whether the directory was another broker's until now, so that folders are topics even if nobody describes them
     * @param isOurs whether they are a topic of ours whose file is damaged
     * @return empty when they belong to no topic
     */
    Optional<Topic> topic(Found found, boolean isFirst, boolean isOurs) {
        Optional<ClusterMetadata> cluster = metadata().cluster();
        Optional<DescribedTopic> described = cluster.flatMap(known -> known.topic(found.name()))
                .filter(topic -> topic.partitions() <= Topic.PARTITIONS_MAX)
                .filter(topic -> found.id().equals(Uuid.ZERO_UUID) || found.id().equals(topic.id()));
        if (described.isPresent() && cluster.isPresent()) {
            return Optional.of(described(found, described.get(), cluster.get()));
        }
        // With a metadata log that tells the whole, a folder that it does not know is one that Kafka would delete.
        return isOurs || (isFirst && cluster.isEmpty()) ? Optional.of(unknown(found)) : Optional.empty();
    }

    private Metadata metadata() {
        Metadata known = metadata;
        if (known == null) {
            known = read();
            metadata = known;
        }
        return known;
    }

    private Metadata read() {
        try {
            return new Metadata(ClusterMetadata.read(dataDir), true);
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).addKeyValue("folder", dataDir).log("Kafka's metadata log cannot be read");
            return new Metadata(Optional.empty(), false);
        }
    }

    private Topic described(Found found, DescribedTopic topic, ClusterMetadata cluster) {
        Map<String, String> configs = new HashMap<>();
        cluster.brokerConfigs(nodeId)
                .forEach((key, value) ->
                        BrokerWideNames.topicKey(key).ifPresent(topicKey -> configs.put(topicKey, value)));
        configs.putAll(topic.configs());
        Map<String, String> usable = usable(found.name(), configs);
        boolean deletes = !TopicConfig.CLEANUP_POLICY_COMPACT.equals(usable.get(TopicConfig.CLEANUP_POLICY_CONFIG));
        if (deletes && !isRetentionKnown(usable)) {
            usable.put(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
            tellKeptForEver(found.name(), "how long Kafka kept its records is not in Kafka's metadata");
        }
        return new Topic(found.name(), topic.id(), Math.max(topic.partitions(), found.partitions()), usable);
    }

    /** The topic's own, the one that Kafka's brokers were given, or the one that our user chose for all topics. */
    private boolean isRetentionKnown(Map<String, String> configs) {
        return configs.containsKey(TopicConfig.RETENTION_MS_CONFIG)
                || defaults.configs().containsKey(TopicConfig.RETENTION_MS_CONFIG);
    }

    private Topic unknown(Found found) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
        configs.put(TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER);
        if (COMPACTED_BY_KAFKA.contains(found.name())) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        } else {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            tellKeptForEver(
                    found.name(),
                    metadata().isReadable() ? "nothing tells its settings" : "Kafka's metadata cannot be read");
        }
        Uuid id = found.id().equals(Uuid.ZERO_UUID) ? Uuid.randomUuid() : found.id();
        return new Topic(found.name(), id, found.partitions(), configs);
    }

    private static void tellKeptForEver(String topic, String why) {
        LOGGER.atWarn()
                .addKeyValue("topic", topic)
                .log("records of the topic are kept for ever, as " + why
                        + "; to change that: kafka-configs --bootstrap-server ADDRESS --alter --entity-type topics"
                        + " --entity-name " + topic + " --add-config retention.ms=MILLISECONDS");
    }

    /** Settings that cannot be honoured here are told and left out; one of them must not keep the topic from being served. */
    private static Map<String, String> usable(String topic, Map<String, String> configs) {
        Map<String, String> usable = new HashMap<>();
        configs.forEach((key, value) -> {
            try {
                LogConfig.from(Map.of(key, value));
                usable.put(key, value);
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("key", key)
                        .addKeyValue("value", value)
                        .addKeyValue("error", e.getMessage())
                        .log("setting of Kafka's not taken over");
            }
        });
        return together(topic, usable);
    }

    /** Values that are right each by itself may not be so together. */
    private static Map<String, String> together(String topic, Map<String, String> configs) {
        try {
            LogConfig.from(configs);
            return configs;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("error", e.getMessage())
                    .log("settings of Kafka's not taken over but for the policy, they do not go together");
            Map<String, String> policy = new HashMap<>(configs);
            policy.keySet().retainAll(Set.of(TopicConfig.CLEANUP_POLICY_CONFIG));
            return policy;
        }
    }
}
