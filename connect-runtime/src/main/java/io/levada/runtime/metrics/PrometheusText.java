/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.jspecify.annotations.Nullable;

/** Kafka's metrics in Prometheus's text format 0.0.4: families in the order of their names, each with its samples together, none twice. */
final class PrometheusText {
    private static final String PLUGINS = "plugins";

    /** Samples by family, and in it by their labels. */
    private final SortedMap<String, Family> families = new TreeMap<>();

    private record Family(String type, String help, SortedMap<String, String> samples) {}

    private PrometheusText() {}

    static String of(Iterable<KafkaMetric> metrics) {
        PrometheusText text = new PrometheusText();
        metrics.forEach(text::add);
        return text.write();
    }

    private void add(KafkaMetric metric) {
        if (metric.metricName().group().equals(PLUGINS) && !isKafkas(metric)) {
            return;
        }
        Object value = metric.metricValue();
        if (value instanceof Number number) {
            add(metric, number(number.doubleValue()), null);
        } else if (value instanceof Boolean flag) {
            add(metric, flag ? "1" : "0", null);
        } else if (value != null) {
            add(metric, "1", value.toString());
        }
    }

    /** Whether to read it runs no code of a plugin, which could take its time or throw: only what Kafka's own statistics work out. */
    static boolean isKafkas(KafkaMetric metric) {
        return metric.isMeasurable()
                && metric.measurable().getClass().getPackageName().startsWith("org.apache.kafka.common.metrics.")
                && metric.measurable().getClass().getClassLoader() == Metrics.class.getClassLoader();
    }

    private void add(KafkaMetric metric, String value, @Nullable String word) {
        MetricName name = metric.metricName();
        Map<String, String> labels = new LinkedHashMap<>();
        name.tags().forEach((tag, text) -> labels.put(free(labels, PrometheusNames.label(tag)), text));
        if (word != null) {
            labels.put(free(labels, PrometheusNames.label(name.name())), word);
        }
        Family family = families.computeIfAbsent(
                PrometheusNames.family(name, word != null),
                first -> new Family(type(metric), name.description(), new TreeMap<>()));
        family.samples.putIfAbsent(written(labels), value);
    }

    /** Tags that differ in Kafka may be the same label here. */
    private static String free(Map<String, String> taken, String label) {
        String free = label.startsWith("__") ? label.substring(1) : label; // Two are Prometheus's own.
        while (taken.containsKey(free)) {
            free += '_';
        }
        return free;
    }

    private static String type(KafkaMetric metric) {
        ConnectMetric declared = ConnectMetric.of(metric.metricName());
        boolean counts = declared == null
                ? metric.isMeasurable()
                        && (metric.measurable() instanceof CumulativeSum
                                || metric.measurable() instanceof CumulativeCount)
                : declared.kind() == MetricKind.COUNTER;
        return counts ? "counter" : "gauge";
    }

    private static String written(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "";
        }
        StringBuilder written = new StringBuilder("{");
        labels.forEach((label, value) -> {
            if (written.length() > 1) {
                written.append(',');
            }
            written.append(label).append("=\"").append(escaped(value)).append('"');
        });
        return written.append('}').toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    /** As Prometheus writes it: Java's spelling but for the infinities, whole numbers without a fraction. */
    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private String write() {
        StringBuilder page = new StringBuilder();
        families.forEach((name, family) -> {
            String help = family.help.replace("\\", "\\\\").replace("\n", "\\n");
            page.append("# HELP ").append(name).append(' ').append(help).append('\n');
            page.append("# TYPE ").append(name).append(' ').append(family.type).append('\n');
            family.samples.forEach((labels, value) ->
                    page.append(name).append(labels).append(' ').append(value).append('\n'));
        });
        return page.toString();
    }
}
