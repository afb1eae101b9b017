/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

/** How far a task has come with a big table is among the worker's metrics. */
final class SourceProgressTest {

    private static final String[] DUNES = {"table", "public.dunes", "range", "all"};

    private final AtomicLong nanos = new AtomicLong();
    private final Seen seen = new Seen(new Metrics());

    /** What a task shows. */
    private record Seen(Metrics metrics) implements PluginMetrics {

        double value(String name, String... tags) {
            LinkedHashMap<String, String> named = new LinkedHashMap<>();
            for (int i = 0; i < tags.length; i += 2) {
                named.put(tags[i], tags[i + 1]);
            }
            return (double) metrics.metric(metricName(name, "", named)).metricValue();
        }

        @Override
        @SuppressWarnings("NonApiType") // Kafka's signature
        public MetricName metricName(String name, String description, LinkedHashMap<String, String> tags) {
            return metrics.metricName(name, "plugins", description, tags);
        }

        @Override
        public Sensor addSensor(String name) {
            return metrics.sensor(name);
        }

        @Override
        public void addMetric(MetricName name, MetricValueProvider<?> provider) {
            throw new UnsupportedOperationException("who reads it would ask the plugin");
        }

        @Override
        public void removeMetric(MetricName name) {
            metrics.removeMetric(name);
        }

        @Override
        public void removeSensor(String name) {
            metrics.removeSensor(name);
        }
    }

    private record Context(Map<String, String> configs, OffsetStorageReader offsetStorageReader, PluginMetrics seen)
            implements SourceTaskContext {
        @Override
        public PluginMetrics pluginMetrics() {
            return seen;
        }
    }

    @Test
    void rowsReadAndLeftAreShownOnceASecond() throws Exception {
        Postgres postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE dunes AS SELECT n AS id FROM generate_series(1, 600) n", "ANALYZE dunes");
        Map<String, String> config =
                postgres.config("mode", "bulk", "topic.prefix", "", "batch.max.rows", "200", "poll.interval.ms", "0");
        config.put("tables", "\"public\".\"dunes\"");
        JdbcSourceTask task = new JdbcSourceTask(nanos::get);
        task.initialize(new Context(config, new MemoryOffsets(), seen));
        task.start(config);
        try {
            assertThat(task.poll()).hasSize(200);
            assertThat(seen.value("snapshot-tables-remaining")).isEqualTo(1);

            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            assertThat(task.poll()).hasSize(200);
            assertThat(seen.value("snapshot-running")).isEqualTo(1);
            assertThat(seen.value("snapshot-rows", DUNES)).isEqualTo(200);
            assertThat(seen.value("snapshot-rows-estimated", DUNES)).isEqualTo(600);
            assertThat(seen.value("snapshot-started-ms", DUNES)).isPositive();
            assertThat(seen.value("snapshot-part-done")).isEqualTo(1 / 3.0);
            assertThat(seen.value("snapshot-seconds-left")).isEqualTo(6);

            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            assertThat(task.poll()).hasSize(200);
            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            assertThat(task.poll()).as("the next time").hasSize(200);
            assertThat(seen.value("snapshot-running")).isZero();
            assertThat(seen.value("snapshot-tables")).isEqualTo(1);
            assertThat(seen.value("snapshot-tables-remaining")).isZero();
            assertThat(seen.value("snapshot-rows", DUNES)).isEqualTo(600);
            assertThat(seen.value("snapshot-part-done")).isEqualTo(1);
            assertThat(seen.value("snapshot-seconds-left")).isZero();
        } finally {
            task.stop();
        }
    }
}
