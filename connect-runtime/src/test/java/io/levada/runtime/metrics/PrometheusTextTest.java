/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PrometheusTextTest {
    private static final TaskId TASK = new ConnectorName("orders").task(0);
    private static final Map<String, String> OF_TASK = Map.of("connector", "orders", "task", "0");

    private final WorkerMeters meters = WorkerMeters.overJmx("text-test:0");

    @AfterEach
    void close() {
        meters.close();
    }

    private ExpositionPage page() {
        return ExpositionPage.parse(PrometheusText.of(meters.all()));
    }

    @Test
    void countersGaugesAndWordsAreToldApart() {
        TaskMeter task = meters.begin(TASK, ConnectorType.SOURCE);
        task.source().polled(7, 1_000_000, null);
        task.errors().failed();

        ExpositionPage page = page();

        assertThat(page.type("kafka_connect_source_task_metrics_source_record_poll_total"))
                .isEqualTo("counter");
        assertThat(page.value("kafka_connect_source_task_metrics_source_record_poll_total", OF_TASK))
                .isEqualTo(7.0);
        assertThat(page.type("kafka_connect_task_error_metrics_total_record_failures"))
                .isEqualTo("counter");
        assertThat(page.type("kafka_connect_source_task_metrics_source_record_active_count"))
                .isEqualTo("gauge");
        assertThat(page.value(
                        "kafka_connect_connector_task_metrics_status_info",
                        Map.of("connector", "orders", "task", "0", "status", "unassigned")))
                .isEqualTo(1.0);
        assertThat(page.type("kafka_connect_connector_task_metrics_status_info"))
                .isEqualTo("gauge");
        assertThat(page.value("levada_source_seconds_since_last_record", OF_TASK))
                .isBetween(0.0, 60.0);
    }

    @Test
    void namesOfConnectorsMayHoldAnything() {
        TaskId odd = new ConnectorName("a \"b\" \\ c, ü={}").task(0);
        TaskMeter unused = meters.begin(odd, ConnectorType.SINK);

        assertThat(page().labelsOf("kafka_connect_connector_task_metrics_running_ratio"))
                .containsExactly(Map.of("connector", "a \\\"b\\\" \\\\ c, ü={}", "task", "0"));
    }

    @Test
    void whatPluginsCountIsShownButNoneOfThemIsAsked() {
        AtomicInteger asked = new AtomicInteger();
        OwnPluginMetrics own = meters.plugins().ofTask(TASK);
        own.addMetric(own.metricName("queue", "Asks the plugin.", new LinkedHashMap<>()), (Gauge<Integer>)
                (config, now) -> asked.incrementAndGet());
        Sensor sensor = own.addSensor("rows");
        sensor.add(own.metricName("rows-total", "Rows.", new LinkedHashMap<>()), new CumulativeSum());
        sensor.record(3);

        ExpositionPage page = page();

        assertThat(asked).hasValue(0);
        assertThat(page.value("kafka_connect_plugins_rows_total", OF_TASK)).isEqualTo(3.0);
        assertThat(page.type("kafka_connect_plugins_rows_total")).isEqualTo("counter");
        assertThat(page.families()).doesNotContain("kafka_connect_plugins_queue");
    }

    @Test
    void tagsThatBecomeOneLabelAndNamesThatBecomeOneFamilyMakeAPageAllTheSame() {
        OwnPluginMetrics own = meters.plugins().ofTask(TASK);
        Sensor sensor = own.addSensor("rows");
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("shard-id", "1");
        tags.put("shard_id", "2");
        tags.put("__reserved", "3");
        tags.put("9", "4");
        sensor.add(own.metricName("rows.read", "Rows\nread.", new LinkedHashMap<>(tags)), new CumulativeSum());
        sensor.add(own.metricName("rows-read", "Rows read.", new LinkedHashMap<>(tags)), new CumulativeSum());

        assertThat(page().labelsOf("kafka_connect_plugins_rows_read"))
                .containsExactly(Map.of(
                        "connector",
                        "orders",
                        "task",
                        "0",
                        "shard_id",
                        "1",
                        "shard_id_",
                        "2",
                        "_reserved",
                        "3",
                        "_9",
                        "4"));
    }

    @Test
    void theParserOfTheseTestsIsStrict() {
        assertThatThrownBy(() -> ExpositionPage.parse("a 1\nb 1\na 2\n")).hasMessageContaining("family that has ended");
        assertThatThrownBy(() -> ExpositionPage.parse("a{x=\"1\"} 1\na{x=\"1\"} 2\n"))
                .hasMessageContaining("series that was there");
        assertThatThrownBy(() -> ExpositionPage.parse("a-b 1\n")).hasMessageContaining("is no sample");
        assertThatThrownBy(() -> ExpositionPage.parse("a{x=\"\"\"} 1\n")).hasMessageContaining("comma");
        assertThatThrownBy(() -> ExpositionPage.parse("a{x=\"1\",x=\"2\"} 1\n")).hasMessageContaining("twice");
        assertThatThrownBy(() -> ExpositionPage.parse("a 1\n# TYPE a gauge\n")).hasMessageContaining("too late");
        assertThatThrownBy(() -> ExpositionPage.parse("a 1")).hasMessageContaining("does not end");
    }
}
