/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Map;

/**
 * A topic to be made.
 *
 * @param partitions how many, or {@link #DEFAULT}
 * @param configs its settings by Kafka's names
 */
public record NewTopic(String name, int partitions, Map<String, String> configs) {
    /** Leaves the number of partitions to the broker ({@code num.partitions}). */
    public static final int DEFAULT = -1;

    public NewTopic {
        configs = Map.copyOf(configs);
    }
}
