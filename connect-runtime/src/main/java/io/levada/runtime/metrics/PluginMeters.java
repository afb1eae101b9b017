/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.connect.storage.ConverterType;

/**
 * The metrics that plugins keep of themselves (KIP-877), shown by the worker's metrics reporters: over JMX, if nothing else is said, as
 * {@code kafka.connect:type=plugins,...}. Safe for use by any thread.
 */
public final class PluginMeters {
    private final Metrics metrics;

    /** What the plugins that are open now keep, by owner. */
    private final Map<Map<String, String>, OwnPluginMetrics> open = new ConcurrentHashMap<>();

    /** @param metrics closed by its owner */
    PluginMeters(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Those of a connector; to be closed with it. */
    public OwnPluginMetrics ofConnector(String connector) {
        return of("connector", connector);
    }

    /** Those of a task; to be closed with it. */
    public OwnPluginMetrics ofTask(TaskId id) {
        return of(task(id));
    }

    /** Those of a task's converter; to be closed with it. */
    public OwnPluginMetrics ofConverter(TaskId id, ConverterType converter) {
        return of(task(id, "converter", converter.getName()));
    }

    /** Those of a transform of a task; to be closed with it. */
    public OwnPluginMetrics ofTransformation(TaskId id, String alias) {
        return of(task(id, "transformation", alias));
    }

    /** Those of a predicate of a task; to be closed with it. */
    public OwnPluginMetrics ofPredicate(TaskId id, String alias) {
        return of(task(id, "predicate", alias));
    }

    /** Those of a plugin that the worker's own config names under this key, such as a REST extension; to be closed with it. */
    public OwnPluginMetrics ofWorkerPlugin(String configKey, Class<?> type) {
        return of("config", configKey, "class", type.getSimpleName());
    }

    /** How far the tasks that run here are with reading everything, by connector and number; nothing of those that do not say. */
    public Map<ConnectorName, Map<Integer, ReadingProgress>> progress() {
        return ReadingProgress.of(metrics.metrics().values());
    }

    private static String[] task(TaskId id, String... more) {
        List<String> tags =
                new ArrayList<>(List.of("connector", id.connector().value(), "task", Integer.toString(id.task())));
        tags.addAll(List.of(more));
        return tags.toArray(String[]::new);
    }

    /**
     * A plugin takes the place of one with the same tags that was left behind because it hung, or whose task failed before it could
     * be closed.
     */
    private OwnPluginMetrics of(String... namesAndValues) {
        Map<String, String> tags = new LinkedHashMap<>(); // In the order in which they stand in the JMX name.
        for (int i = 0; i < namesAndValues.length; i += 2) {
            tags.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        OwnPluginMetrics own = new OwnPluginMetrics(metrics, tags, closed -> open.remove(tags, closed));
        OwnPluginMetrics before = open.put(tags, own);
        if (before != null) {
            before.close();
        }
        return own;
    }
}
