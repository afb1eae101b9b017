/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;

/**
 * The metrics that plugins keep of themselves (KIP-877), shown over JMX as {@code kafka.connect:type=plugins,...}. Safe for use by
 * any thread.
 */
public final class PluginMeters implements AutoCloseable {
    private static final String JMX_DOMAIN = "kafka.connect";

    private final Metrics metrics = new Metrics(
            new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, new KafkaMetricsContext(JMX_DOMAIN));

    /** Those of a connector; to be closed with it. */
    public OwnPluginMetrics ofConnector(String connector) {
        return new OwnPluginMetrics(metrics, Map.of("connector", connector));
    }

    /** Those of a task; to be closed with it. */
    public OwnPluginMetrics ofTask(String connector, int task) {
        Map<String, String> tags = new LinkedHashMap<>(); // In the order in which they stand in the JMX name.
        tags.put("connector", connector);
        tags.put("task", Integer.toString(task));
        return new OwnPluginMetrics(metrics, tags);
    }

    @Override
    public void close() {
        metrics.close();
    }
}
