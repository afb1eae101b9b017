/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

final class SwappedReporterTest {
    private final List<String> calls = new ArrayList<>();

    /** Lacks a class whatever it is told. */
    private final class Incomplete implements MetricsReporter {
        @Override
        public void init(List<KafkaMetric> metrics) {}

        @Override
        public void metricChange(KafkaMetric metric) {
            fail("added");
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            fail("removed");
        }

        @Override
        public void close() {
            fail("closed");
        }

        private void fail(String call) {
            calls.add(call);
            throw new NoClassDefFoundError("acme/Gone");
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    @Test
    void aReporterThatLacksAClassFailsNobodyWhoHasAMetric() {
        MetricsReporter reporter =
                new SwappedReporter(new Incomplete(), getClass().getClassLoader());
        MetricName name = new MetricName("n", "g", "", Map.of());
        try (Metrics metrics = new Metrics(new MetricConfig(), new ArrayList<>(List.of(reporter)), Time.SYSTEM)) {
            calls.clear(); // Kafka counts its own metrics.

            metrics.addMetric(name, (config, now) -> 1);

            assertThat(metrics.metric(name)).isNotNull();
            metrics.removeMetric(name);
        }

        assertThat(calls).contains("added", "removed", "closed");
    }
}
