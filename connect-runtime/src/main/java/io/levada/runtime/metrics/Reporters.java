/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.plugins.WorkerPlugin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Time;

/** The worker's metrics in Kafka's own registry, with the reporters that {@code metric.reporters} names (KIP-606, KIP-830). */
final class Reporters {
    static final String JMX_DOMAIN = "kafka.connect";
    private static final String KEY = "metric.reporters";

    private Reporters() {}

    /** Metrics that are shown over JMX and nowhere else. */
    static Metrics jmxAlone() {
        return new Metrics(
                new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, new KafkaMetricsContext(JMX_DOMAIN));
    }

    /**
     * Metrics as a worker's properties describe them. Each reporter is told the cluster and the group before its first metric.
     *
     * @throws org.apache.kafka.common.config.ConfigException that names the reporter, if it is missing or fails
     */
    static Metrics of(WorkerConfig worker, Plugins plugins, String clusterId, String workerId) {
        Map<String, Object> labels = new HashMap<>(worker.withPrefix("metrics.context."));
        labels.put("connect.kafka.cluster.id", clusterId);
        labels.put("connect.group.id", worker.groupId());
        MetricConfig config = new MetricConfig()
                .samples(Integer.parseInt(worker.text("metrics.num.samples")))
                .timeWindow(worker.duration("metrics.sample.window.ms").toMillis(), TimeUnit.MILLISECONDS)
                .recordLevel(Sensor.RecordingLevel.forName(worker.text("metrics.recording.level")));
        List<MetricsReporter> reporters = new ArrayList<>();
        try {
            names(worker).forEach(name -> reporters.add(open(name, worker, plugins, workerId)));
            return WorkerPlugin.of(
                    KEY,
                    worker.text(KEY),
                    () -> new Metrics(config, reporters, Time.SYSTEM, new KafkaMetricsContext(JMX_DOMAIN, labels)));
        } catch (RuntimeException e) {
            reporters.forEach(reporter -> close(reporter, e));
            throw e;
        }
    }

    /** Throws {@link org.apache.kafka.common.config.ConfigException} for a reporter that is not there; runs no code of them. */
    static void check(WorkerConfig worker, Plugins plugins) {
        names(worker)
                .forEach(name -> WorkerPlugin.of(KEY, name, () -> {
                    plugins.checkInstance(name, MetricsReporter.class);
                    return name;
                }));
    }

    /** One that does not close hides neither why the start failed nor the others. */
    private static void close(MetricsReporter reporter, RuntimeException failure) {
        try {
            reporter.close();
        } catch (RuntimeException more) {
            failure.addSuppressed(more);
        }
    }

    private static List<String> names(WorkerConfig worker) {
        return Arrays.stream(worker.text(KEY).split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private static MetricsReporter open(String name, WorkerConfig worker, Plugins plugins, String workerId) {
        MetricsReporter plugin = WorkerPlugin.of(KEY, name, () -> plugins.newInstance(name, MetricsReporter.class));
        Map<String, Object> settings = new HashMap<>(worker.properties());
        settings.put("client.id", workerId);
        return WorkerPlugin.of(KEY, name, () -> {
            SwappedReporter reporter =
                    new SwappedReporter(plugin, plugin.getClass().getClassLoader());
            reporter.configure(settings);
            // Kafka's own waits for nobody, and who asks JMX finds a metric as soon as it is there.
            return plugin.getClass().equals(JmxReporter.class)
                    ? reporter
                    : new ApartReporter(reporter, plugin.getClass());
        });
    }
}
