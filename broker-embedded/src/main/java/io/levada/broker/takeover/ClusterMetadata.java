/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.internals.Topic;

/**
 * The topics of a Kafka cluster, and what its brokers were told while they ran, as of the end of the metadata log.
 *
 * @param topics by name
 * @param brokerConfigs settings of brokers by broker id, {@code ""} for those of all brokers
 * @param nextProducerId the first producer id that no broker may have given out
 */
public record ClusterMetadata(
        Map<String, DescribedTopic> topics, Map<String, Map<String, String>> brokerConfigs, long nextProducerId) {
    private static final String FOLDER = Topic.CLUSTER_METADATA_TOPIC_NAME + "-0";

    public ClusterMetadata {
        topics = Map.copyOf(topics);
        brokerConfigs = Map.copyOf(brokerConfigs);
    }

    /**
     * Reads the metadata log in a node's data directory.
     *
     * @return empty when the directory has none
     * @throws IOException when there is one and it cannot be understood to its end
     */
    public static Optional<ClusterMetadata> read(Path dataDir) throws IOException {
        Path folder = dataDir.resolve(FOLDER);
        return Files.isDirectory(folder) ? Optional.of(new MetadataLog(folder).read()) : Optional.empty();
    }

    public Optional<DescribedTopic> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** What was set for a broker, its own settings over those of all. */
    public Map<String, String> brokerConfigs(int nodeId) {
        Map<String, String> all = new java.util.HashMap<>(brokerConfigs.getOrDefault("", Map.of()));
        all.putAll(brokerConfigs.getOrDefault(Integer.toString(nodeId), Map.of()));
        return all;
    }
}
