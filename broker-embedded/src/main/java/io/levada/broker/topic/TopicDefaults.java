/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Map;

/**
 * What a topic gets that does not say otherwise.
 *
 * @param partitions {@code num.partitions}
 * @param partitionsMax how many partitions all topics together may have
 * @param configs topic settings, by their names on a topic ({@code retention.ms}, not {@code log.retention.ms})
 */
public record TopicDefaults(int partitions, int partitionsMax, Map<String, String> configs) {
    public TopicDefaults {
        configs = Map.copyOf(configs);
    }

    /** The same with other settings. */
    public TopicDefaults with(Map<String, String> changed) {
        return new TopicDefaults(partitions, partitionsMax, changed);
    }
}
