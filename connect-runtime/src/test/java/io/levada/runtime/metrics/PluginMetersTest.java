/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.junit.jupiter.api.Test;

final class PluginMetersTest {
    private static final MBeanServer JMX = ManagementFactory.getPlatformMBeanServer();

    @Test
    void metricOfATaskIsShownUnderItsConnectorAndTaskUntilItIsClosed() throws Exception {
        ObjectName bean = new ObjectName("kafka.connect:type=plugins,connector=orders,task=3,shard=a");
        try (WorkerMeters worker = WorkerMeters.overJmx("localhost:0")) {
            PluginMeters meters = worker.plugins();
            OwnPluginMetrics own = meters.ofTask(new ConnectorName("orders").task(3));
            MetricName rows = own.metricName("rows", "Rows read.", new LinkedHashMap<>(Map.of("shard", "a")));
            own.addMetric(rows, (Gauge<Integer>) (config, now) -> 42);

            assertThat(JMX.getAttribute(bean, "rows")).isEqualTo(42);

            own.close();

            assertThat(JMX.isRegistered(bean)).isFalse();
        }
    }

    @Test
    void onePluginCannotTouchTheMetricsOfAnother() {
        try (WorkerMeters worker = WorkerMeters.overJmx("localhost:0")) {
            PluginMeters meters = worker.plugins();
            OwnPluginMetrics first = meters.ofConnector("orders");
            OwnPluginMetrics second = meters.ofConnector("customers");
            MetricName rows = first.metricName("rows", "Rows read.", new LinkedHashMap<>());
            first.addMetric(rows, (Gauge<Integer>) (config, now) -> 1);

            assertThatThrownBy(() -> second.removeMetric(rows)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> first.addMetric(rows, (Gauge<Integer>) (config, now) -> 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is there already");
            assertThatThrownBy(() ->
                            first.metricName("rows", "", new LinkedHashMap<>(Map.of("connector", "somebody else"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("set by the worker");
            assertThatThrownBy(() -> first.removeSensor("absent")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
