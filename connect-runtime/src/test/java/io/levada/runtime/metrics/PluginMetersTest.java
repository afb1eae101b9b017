/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Monitorable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Value;
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

    private static void write(OwnPluginMetrics metrics, String name, double value, Map<String, String> tags) {
        Sensor sensor = metrics.addSensor(name + tags);
        sensor.add(metrics.metricName(name, "", new LinkedHashMap<>(tags)), new Value());
        sensor.record(value);
    }

    @Test
    void howFarTasksAreIsWhatTheirConnectorsWriteOfIt() {
        ConnectorName orders = new ConnectorName("orders");
        Map<String, String> range = Map.of("table", "public.orders", "range", "1/2");
        try (WorkerMeters worker = WorkerMeters.overJmx("localhost:0")) {
            PluginMeters meters = worker.plugins();
            OwnPluginMetrics own = meters.ofTask(orders.task(3));
            write(own, "snapshot-running", 1, Map.of());
            write(own, "snapshot-tables", 2, Map.of());
            write(own, "snapshot-tables-remaining", 1, Map.of());
            write(own, "snapshot-part-done", 0.25, Map.of());
            write(own, "snapshot-seconds-left", -1, Map.of());
            write(own, "snapshot-rows", 5, range);
            write(own, "snapshot-rows-estimated", -1, range);
            write(own, "snapshot-started-ms", 1000, range);
            OwnPluginMetrics other = meters.ofTask(orders.task(4));
            other.addMetric(
                    other.metricName("snapshot-running", "", new LinkedHashMap<>()), (Gauge<Integer>) (config, now) -> {
                        throw new IllegalStateException("nobody asks a plugin");
                    });

            OwnPluginMetrics follower = meters.ofTask(orders.task(5));
            write(follower, "snapshot-running", 0, Map.of());
            write(follower, "snapshot-tables", 0, Map.of());

            assertThat(meters.progress()).containsOnlyKeys(orders);
            assertThat(meters.progress().get(orders))
                    .containsExactly(Map.entry(
                            3,
                            new ReadingProgress(
                                    true,
                                    2,
                                    1,
                                    0.25,
                                    -1,
                                    List.of(new ReadingProgress.Part(
                                            "public.orders",
                                            "1/2",
                                            5,
                                            OptionalLong.empty(),
                                            Instant.ofEpochSecond(1))))));
        }
    }

    /** As Kafka Connect 4.3 tags them, and in its order. */
    @Test
    void metricsOfAPluginOfTheWorkerAreShownUnderItsKeyAndClass() throws Exception {
        ObjectName bean = new ObjectName("kafka.connect:type=plugins,config=rest.extension.classes,class=Audit");
        try (WorkerMeters worker = WorkerMeters.overJmx("localhost:0")) {
            OwnPluginMetrics own = worker.plugins().ofWorkerPlugin("rest.extension.classes", Audit.class);
            own.giveWorkerPlugin("rest.extension.classes", new Audit());

            assertThat(JMX.getAttribute(bean, "requests")).isEqualTo(7);
            assertThat(bean.getKeyPropertyListString())
                    .isEqualTo(JMX.getObjectInstance(bean).getObjectName().getKeyPropertyListString());

            own.close();

            assertThat(JMX.isRegistered(bean)).isFalse();
        }
    }

    @Test
    void aPluginOfTheWorkerThatFailsIsToldWithKeyAndClass() {
        Monitorable failing = metrics -> {
            throw new NoClassDefFoundError("acme/Gone");
        };
        try (WorkerMeters worker = WorkerMeters.overJmx("localhost:0")) {
            OwnPluginMetrics own = worker.plugins().ofWorkerPlugin("rest.extension.classes", Audit.class);

            assertThatThrownBy(() -> own.giveWorkerPlugin("rest.extension.classes", failing))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(
                            "rest.extension.classes=" + failing.getClass().getName());
        }
    }

    private static final class Audit implements Monitorable {
        @Override
        public void withPluginMetrics(PluginMetrics metrics) {
            MetricName requests = metrics.metricName("requests", "Requests seen.", new LinkedHashMap<>());
            metrics.addMetric(requests, (Gauge<Integer>) (config, now) -> 7);
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
