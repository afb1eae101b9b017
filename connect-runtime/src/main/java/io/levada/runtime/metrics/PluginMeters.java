/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.Plugins;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics that plugins keep of themselves (KIP-877), shown by the worker's metrics reporters: over JMX, if nothing else is said, as
 * {@code kafka.connect:type=plugins,...}. Safe for use by any thread.
 */
public final class PluginMeters implements AutoCloseable {
    private final Metrics metrics;

    private PluginMeters(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Shown over JMX alone. */
    public PluginMeters() {
        this(Reporters.jmxAlone());
    }

    /** Shown by the reporters that the worker's {@code metric.reporters} names; throws {@link ConfigException} if one fails. */
    public static PluginMeters of(WorkerConfig worker, Plugins plugins, String clusterId, String workerId) {
        return new PluginMeters(Reporters.of(worker, plugins, clusterId, workerId));
    }

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
