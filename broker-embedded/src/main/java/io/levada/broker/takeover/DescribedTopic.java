/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.takeover;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * A topic as Kafka's controller knew it.
 *
 * @param replicas the brokers that keep each partition
 * @param configs the topic's own settings
 */
public record DescribedTopic(String name, Uuid id, Map<Integer, List<Integer>> replicas, Map<String, String> configs) {
    public DescribedTopic {
        replicas = Map.copyOf(replicas);
        configs = Map.copyOf(configs);
    }

    /** How many partitions it has; they are numbered from 0. */
    public int partitions() {
        return replicas.keySet().stream()
                .mapToInt(partition -> partition + 1)
                .max()
                .orElse(0);
    }
}
