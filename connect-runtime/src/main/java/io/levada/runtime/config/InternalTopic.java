/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import java.util.Map;

/**
 * One of the three topics in which a group of workers keeps its state.
 *
 * @param partitions -1 for the broker's default
 * @param replicationFactor -1 for the broker's default
 * @param settings topic settings given with the key's prefix, without {@code cleanup.policy}, which is always compact
 */
public record InternalTopic(String name, int partitions, short replicationFactor, Map<String, String> settings) {
    public InternalTopic {
        settings = Map.copyOf(settings);
    }
}
