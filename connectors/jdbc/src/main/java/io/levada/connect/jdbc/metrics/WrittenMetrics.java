/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.metrics;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * A task's numbers among the worker's metrics of plugins (KIP-877): written now and then with Kafka's own statistics, so that whoever
 * reads them asks nothing of the plugin. Used by the task's thread.
 */
public final class WrittenMetrics {

    private final PluginMetrics metrics;
    private final Map<String, Sensor> sensors = new LinkedHashMap<>();

    /** What counters were at last. */
    private final Map<String, Double> totals = new HashMap<>();

    private WrittenMetrics(PluginMetrics metrics) {
        this.metrics = metrics;
    }

    /** Those of a task; none on workers before Kafka Connect 4.1, which do not know of them. */
    public static Optional<WrittenMetrics> of(SourceTaskContext context) {
        try {
            return Optional.of(new WrittenMetrics(context.pluginMetrics()));
        } catch (LinkageError ignored) {
            return Optional.empty(); // what is to be seen there, MBeans or the log show
        }
    }

    /**
     * Writes what a number is now.
     *
     * @param name one that ends with {@code -total} counts from 0 on
     * @param tags names and values by turns
     */
    public void write(String name, String description, Number value, String... tags) {
        String key = name + String.join("-", tags);
        boolean counts = name.endsWith("-total");
        Sensor sensor = sensors.computeIfAbsent(key, unused -> {
            LinkedHashMap<String, String> named = new LinkedHashMap<>();
            for (int i = 0; i < tags.length; i += 2) {
                named.put(tags[i], tags[i + 1]);
            }
            Sensor made = metrics.addSensor(key);
            made.add(metrics.metricName(name, description, named), counts ? new CumulativeSum() : new Value());
            return made;
        });
        double before = counts ? totals.getOrDefault(key, 0.0) : 0;
        sensor.record(value.doubleValue() - before);
        totals.put(key, value.doubleValue());
    }
}
