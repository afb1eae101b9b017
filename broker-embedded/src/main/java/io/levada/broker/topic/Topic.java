/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * A topic that exists.
 *
 * @param partitions how many it has, numbered from 0; at most {@link #PARTITIONS_MAX}
 * @param configs the settings given to this topic; what is not in here is the broker's default
 */
public record Topic(String name, Uuid id, int partitions, Map<String, String> configs) {
    /** Far more than one process can serve, and so few that a file which asks for as many by mistake does no harm. */
    static final int PARTITIONS_MAX = 100_000;

    public Topic {
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " needs a partition, not " + partitions);
        }
        if (partitions > PARTITIONS_MAX) {
            throw new IllegalArgumentException(
                    "topic " + name + " cannot have " + partitions + " partitions, the most is " + PARTITIONS_MAX);
        }
        configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    }

    public boolean hasPartition(int partition) {
        return partition >= 0 && partition < partitions;
    }

    public boolean isInternal() {
        return org.apache.kafka.common.internals.Topic.isInternal(name);
    }

    Topic withPartitions(int total) {
        return new Topic(name, id, total, configs);
    }

    Topic withConfigs(Map<String, String> changed) {
        return new Topic(name, id, partitions, changed);
    }
}
