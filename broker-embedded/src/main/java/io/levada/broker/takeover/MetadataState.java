/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.takeover;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** The topics while the metadata log is read: one method for each kind of record that changes them. */
final class MetadataState {
    private final Map<Uuid, String> names = new HashMap<>();
    private final Map<Uuid, Map<Integer, List<Integer>>> replicas = new HashMap<>();
    private final Map<String, Map<String, String>> topicConfigs = new HashMap<>();
    private final Map<String, Map<String, String>> brokerConfigs = new HashMap<>();

    private long nextProducerId;

    void nextProducerId(long next) {
        nextProducerId = Math.max(nextProducerId, next);
    }

    void topic(String name, Uuid id) {
        names.put(id, name);
        replicas.put(id, new TreeMap<>());
    }

    void partition(Uuid topic, int partition, List<Integer> nodes) {
        replicas.computeIfAbsent(topic, id -> new TreeMap<>()).put(partition, nodes);
    }

    void removeTopic(Uuid id) {
        String name = names.remove(id);
        replicas.remove(id);
        if (name != null) {
            topicConfigs.remove(name);
        }
    }

    void topicConfig(String topic, String key, String value) {
        topicConfigs.computeIfAbsent(topic, name -> new HashMap<>()).put(key, value);
    }

    void brokerConfig(String broker, String key, String value) {
        brokerConfigs.computeIfAbsent(broker, id -> new HashMap<>()).put(key, value);
    }

    void removeTopicConfig(String topic, String key) {
        topicConfigs.getOrDefault(topic, new HashMap<>()).remove(key);
    }

    void removeBrokerConfig(String broker, String key) {
        brokerConfigs.getOrDefault(broker, new HashMap<>()).remove(key);
    }

    ClusterMetadata result() {
        Map<String, DescribedTopic> topics = new HashMap<>();
        names.forEach((id, name) -> topics.put(
                name,
                new DescribedTopic(
                        name, id, replicas.getOrDefault(id, Map.of()), topicConfigs.getOrDefault(name, Map.of()))));
        return new ClusterMetadata(topics, brokerConfigs, nextProducerId);
    }
}
