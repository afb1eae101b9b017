/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.plugins.WorkerPlugin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Monitorable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;

/** The metrics of one plugin object, which leave with it. Names and sensors of other plugins are out of its reach (KIP-877). */
public final class OwnPluginMetrics implements PluginMetrics, AutoCloseable {
    private static final String GROUP = "plugins";

    private final Metrics metrics;
    private final Map<String, String> ownerTags;
    private final String sensorPrefix;
    private final Set<MetricName> names = ConcurrentHashMap.newKeySet();
    private final Set<String> sensors = ConcurrentHashMap.newKeySet();
    private final Consumer<OwnPluginMetrics> onClose;
    private volatile boolean closed;

    /** @param onClose told once the metrics are gone */
    OwnPluginMetrics(Metrics metrics, Map<String, String> ownerTags, Consumer<OwnPluginMetrics> onClose) {
        this.metrics = metrics;
        this.ownerTags = ownerTags;
        this.sensorPrefix = ownerTags + "-";
        this.onClose = onClose;
    }

    /** Gives a plugin these metrics, if it keeps any; to be called once it is configured. */
    public void give(Object plugin) {
        if (plugin instanceof Monitorable monitorable) {
            monitorable.withPluginMetrics(this);
        }
    }

    /**
     * The same for a plugin of the worker itself; calls it with its own class loader.
     *
     * @param key the worker's key that names it
     * @throws org.apache.kafka.common.config.ConfigException that names key and class, if the plugin fails
     */
    public void giveWorkerPlugin(String key, Object plugin) {
        Class<?> type = plugin.getClass();
        Object unused = WorkerPlugin.of(key, type.getName(), type.getClassLoader(), () -> {
            give(plugin);
            return plugin;
        });
    }

    @Override
    @SuppressWarnings("NonApiType") // The interface's own signature.
    public MetricName metricName(String name, String description, LinkedHashMap<String, String> tags) {
        Map<String, String> all = new LinkedHashMap<>(ownerTags);
        tags.forEach((key, value) -> {
            if (all.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException("Tag " + key + " of metric " + name + " is set by the worker");
            }
        });
        return metrics.metricName(name, GROUP, description, all);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> value) {
        checkOpen();
        if (!names.add(name)) {
            throw new IllegalArgumentException("Metric " + name + " is there already");
        }
        metrics.addMetric(name, value);
    }

    @Override
    public void removeMetric(MetricName name) {
        if (!names.remove(name)) {
            throw new IllegalArgumentException("Metric " + name + " was not added by this plugin");
        }
        metrics.removeMetric(name);
    }

    @Override
    public Sensor addSensor(String name) {
        checkOpen();
        if (!sensors.add(name)) {
            throw new IllegalArgumentException("Sensor " + name + " is there already");
        }
        return metrics.sensor(sensorPrefix + name);
    }

    @Override
    public void removeSensor(String name) {
        if (!sensors.remove(name)) {
            throw new IllegalArgumentException("Sensor " + name + " was not added by this plugin");
        }
        metrics.removeSensor(sensorPrefix + name);
    }

    /** A plugin that was left behind must not take the names of its successor. */
    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The plugin of " + ownerTags + " is closed and keeps no metrics any more");
        }
    }

    @Override
    public void close() {
        closed = true;
        sensors.forEach(name -> metrics.removeSensor(sensorPrefix + name));
        sensors.clear();
        names.forEach(metrics::removeMetric);
        names.clear();
        onClose.accept(this);
    }
}
