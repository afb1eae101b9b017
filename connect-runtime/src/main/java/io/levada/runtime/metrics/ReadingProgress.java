/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * How far a source task is with reading everything that is there, as its connector measures that in metrics that begin with
 * {@code snapshot-}.
 *
 * @param partDone from 0 to 1; negative while it is unknown
 * @param secondsLeft negative while it is unknown
 * @param parts as far as the connector tells them apart
 */
public record ReadingProgress(
        boolean running, long tables, long tablesRemaining, double partDone, long secondsLeft, List<Part> parts) {

    private static final String PREFIX = "snapshot-";
    private static final String PLUGINS = "plugins";

    public ReadingProgress {
        parts = List.copyOf(parts);
    }

    /**
     * A table, or a range of one.
     *
     * @param rows read until now
     * @param rowsEstimated empty while it is unknown
     */
    public record Part(String table, String range, long rows, OptionalLong rowsEstimated, Instant startedAt) {}

    /**
     * What is known of the tasks here, by connector and number; nothing of tasks that do not measure it, or have read nothing whole. Goes
     * through all metrics once, and calls no plugin.
     */
    static Map<ConnectorName, Map<Integer, ReadingProgress>> of(Iterable<KafkaMetric> metrics) {
        Map<TaskId, Map<Map<String, String>, Map<String, Double>>> byTask = new HashMap<>();
        for (KafkaMetric metric : metrics) {
            MetricName name = metric.metricName();
            String connector = name.tags().get("connector");
            String task = name.tags().get("task");
            if (name.group().equals(PLUGINS)
                    && name.name().startsWith(PREFIX)
                    && connector != null
                    && task != null
                    && PrometheusText.isKafkas(metric)
                    && metric.metricValue() instanceof Double value) {
                byTask.computeIfAbsent(
                                new ConnectorName(connector).task(Integer.parseInt(task)), unused -> new HashMap<>())
                        .computeIfAbsent(own(name.tags()), unused -> new HashMap<>())
                        .put(name.name().substring(PREFIX.length()), value);
            }
        }
        Map<ConnectorName, Map<Integer, ReadingProgress>> progress = new HashMap<>();
        byTask.forEach((task, values) -> {
            ReadingProgress one = of(values);
            if (one.tables() > 0) {
                progress.computeIfAbsent(task.connector(), unused -> new HashMap<>())
                        .put(task.task(), one);
            }
        });
        return progress;
    }

    /** Without those of the worker. */
    private static Map<String, String> own(Map<String, String> tags) {
        Map<String, String> own = new TreeMap<>(tags);
        own.remove("connector");
        own.remove("task");
        return own;
    }

    private static ReadingProgress of(Map<Map<String, String>, Map<String, Double>> values) {
        Map<String, Double> all = values.getOrDefault(Map.of(), Map.of());
        return new ReadingProgress(
                number(all, "running") > 0,
                number(all, "tables"),
                number(all, "tables-remaining"),
                all.getOrDefault("part-done", -1.0),
                number(all, "seconds-left"),
                values.entrySet().stream()
                        .flatMap(each -> part(each.getKey(), each.getValue()).stream())
                        .sorted(Comparator.comparing(Part::table).thenComparing(Part::range))
                        .toList());
    }

    private static Optional<Part> part(Map<String, String> tags, Map<String, Double> values) {
        String table = tags.get("table");
        String range = tags.get("range");
        if (table == null || range == null) {
            return Optional.empty();
        }
        long estimated = number(values, "rows-estimated");
        return Optional.of(new Part(
                table,
                range,
                number(values, "rows"),
                estimated < 0 ? OptionalLong.empty() : OptionalLong.of(estimated),
                Instant.ofEpochMilli(number(values, "started-ms"))));
    }

    private static long number(Map<String, Double> values, String name) {
        return Math.round(values.getOrDefault(name, -1.0));
    }
}
