/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.List;

/** Metrics that belong together: one MBean, {@code kafka.connect:type=<type>,<tag>=<value>,...}, each with its tags in this order. */
enum MetricGroup {
    CONNECTOR("connector-metrics", "connector"),
    TASK("connector-task-metrics", "connector", "task"),
    TRANSFORM("connector-transform-metrics", "connector", "task", "transform"),
    PREDICATE("connector-predicate-metrics", "connector", "task", "predicate"),
    SOURCE_TASK("source-task-metrics", "connector", "task"),
    SINK_TASK("sink-task-metrics", "connector", "task"),
    TASK_ERROR("task-error-metrics", "connector", "task"),
    WORKER("connect-worker-metrics"),
    WORKER_CONNECTOR("connect-worker-metrics", "connector"),
    REBALANCE("connect-worker-rebalance-metrics"),
    /** Not in Kafka Connect. */
    LEVADA_SOURCE("levada-source", "connector", "task"),
    /** Not in Kafka Connect. */
    LEVADA_SINK("levada-sink", "connector", "task", "topic", "partition");

    private final String type;

    @SuppressWarnings("ImmutableEnumChecker") // A list of List.of.
    private final List<String> tags;

    MetricGroup(String type, String... tags) {
        this.type = type;
        this.tags = List.of(tags);
    }

    String type() {
        return type;
    }

    List<String> tags() {
        return tags;
    }
}
