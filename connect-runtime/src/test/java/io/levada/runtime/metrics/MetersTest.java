/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.status.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.connect.storage.ConverterType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each group of metrics, by what its meter is told. */
final class MetersTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");
    private static final TaskId TASK = ORDERS.task(0);
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    private final SteppedTime time = new SteppedTime();
    private final Metrics metrics = new Metrics(new MetricConfig(), List.of(), time);
    private final WorkerMeters meters = new WorkerMeters(metrics, "localhost:0", time);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void sourceTaskCountsWhatItPollsAndWhatBecomesOfIt() {
        TaskMeter task = meters.begin(TASK, ConnectorType.SOURCE);
        SourceMeter source = task.source();

        source.polled(10, 4_000_000, time.milliseconds() - 2_500);
        source.wrote(6);
        source.dropped(1);
        time.pass(Duration.ofSeconds(7));
        source.polled(2, 2_000_000, null);

        assertThat(values(MetricGroup.SOURCE_TASK))
                .containsEntry("source-record-poll-total", 12.0)
                .containsEntry("source-record-write-total", 6.0)
                .containsEntry("source-record-active-count", 5.0)
                .containsEntry("source-record-active-count-max", 10.0)
                .containsEntry("source-record-active-count-avg", (0 + 10 + 3 + 5) / 4.0)
                .containsEntry("poll-batch-max-time-ms", 4.0)
                .containsEntry("poll-batch-avg-time-ms", 3.0)
                .doesNotContainKey("transaction-size-avg");
        assertThat(values(MetricGroup.TASK))
                .containsEntry("batch-size-max", 10.0)
                .containsEntry("batch-size-avg", 6.0);
    }

    @Test
    void ratesCountAlsoWhenNobodyLooksForLong() {
        SourceMeter source = meters.begin(TASK, ConnectorType.SOURCE).source();
        for (int second = 0; second < 60; second++) {
            source.polled(100, 1_000_000, null);
            source.wrote(50);
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(values(MetricGroup.SOURCE_TASK))
                .hasEntrySatisfying("source-record-poll-rate", rate -> assertRate(rate, 100))
                .hasEntrySatisfying("source-record-write-rate", rate -> assertRate(rate, 50));
    }

    private static void assertRate(Object rate, double expected) {
        assertThat((Double) rate).isCloseTo(expected, within(expected / 20));
    }

    @Test
    void sourceTellsHowFarBehindItIs() {
        SourceMeter source = meters.begin(TASK, ConnectorType.SOURCE).source();
        assertThat(values(MetricGroup.LEVADA_SOURCE))
                .containsEntry("seconds-since-last-record", Double.NaN)
                .containsEntry("last-record-delay-seconds", Double.NaN);

        source.polled(1, 0, time.milliseconds() - 2_500);
        time.pass(Duration.ofSeconds(9));
        source.polled(0, 0, null);

        assertThat(values(MetricGroup.LEVADA_SOURCE))
                .containsEntry("seconds-since-last-record", 9.0)
                .containsEntry("last-record-delay-seconds", 2.5);
    }

    @Test
    void transactionsAreMeasuredOnceThereAreSome() {
        SourceMeter source = meters.begin(TASK, ConnectorType.SOURCE).source();

        source.committedTransaction(3);
        source.committedTransaction(9);

        assertThat(values(MetricGroup.SOURCE_TASK))
                .containsEntry("transaction-size-min", 3.0)
                .containsEntry("transaction-size-max", 9.0)
                .containsEntry("transaction-size-avg", 6.0);
    }

    @Test
    void sinkTaskCountsWhatItReadsPutsAndCommits() {
        TaskMeter task = meters.begin(TASK, ConnectorType.SINK);
        SinkMeter sink = task.sink();
        sink.assigned(FIRST, 100);
        sink.assigned(SECOND, 0);

        sink.read(30, 28);
        sink.put(28, 5_000_000);
        sink.reached(FIRST, 120, 120, 110);
        sink.reached(SECOND, 10, 10, 8);
        sink.committing(1);
        sink.committed();
        sink.committing(3);
        sink.skippedCommit();

        assertThat(values(MetricGroup.SINK_TASK))
                .containsEntry("sink-record-read-total", 30.0)
                .containsEntry("sink-record-send-total", 28.0)
                .containsEntry("put-batch-max-time-ms", 5.0)
                .containsEntry("put-batch-avg-time-ms", 5.0)
                .containsEntry("partition-count", 2.0)
                .containsEntry("sink-record-active-count", 12.0)
                .containsEntry("sink-record-active-count-max", 12.0)
                .containsEntry("sink-record-lag-max", 10.0)
                .containsEntry("offset-commit-seq-no", 3.0)
                .containsEntry("offset-commit-completion-total", 1.0)
                .containsEntry("offset-commit-skip-total", 1.0);
        assertThat(values(MetricGroup.TASK)).containsEntry("batch-size-max", 28.0);
    }

    @Test
    void lagIsWhatThePartitionHasAndTheTaskWasNotGiven() {
        SinkMeter sink = meters.begin(TASK, ConnectorType.SINK).sink();
        sink.assigned(FIRST, 100);
        MetricName lag = metrics.metricName(
                "record-lag",
                "levada-sink",
                Map.of("connector", "orders", "task", "0", "topic", "t", "partition", "0"));
        assertThat(metrics.metric(lag).metricValue()).isEqualTo(Double.NaN);

        sink.reached(FIRST, 120, 110, 100);
        sink.end(FIRST, 150);
        assertThat(metrics.metric(lag).metricValue()).isEqualTo(40.0);

        sink.removed(List.of(FIRST));
        assertThat(metrics.metric(lag)).isNull();
    }

    @Test
    void endsOfPartitionsAreAskedForOnceASecondAndUntilTheyAreKnown() {
        SinkMeter sink = meters.begin(TASK, ConnectorType.SINK).sink();
        sink.assigned(FIRST, 0);
        assertThat(sink.wantsEnds()).isTrue();
        assertThat(sink.wantsEnds()).isTrue();
        sink.end(FIRST, 5);
        assertThat(sink.wantsEnds()).isFalse();

        time.pass(Duration.ofSeconds(1));

        assertThat(sink.wantsEnds()).isTrue();
    }

    @Test
    void errorsAreCountedAsKafkaConnectCountsThem() {
        ErrorMeter errors = meters.begin(TASK, ConnectorType.SINK).errors();
        assertThat(values(MetricGroup.TASK_ERROR)).containsEntry("last-error-timestamp", 0L);

        errors.failed();
        errors.retried();
        errors.failed();
        errors.gaveUp();
        errors.skipped();
        errors.logged();
        errors.deadLetter();
        errors.deadLetterFailed();
        time.pass(Duration.ofSeconds(1));
        errors.gaveBack();

        assertThat(values(MetricGroup.TASK_ERROR))
                .containsEntry("total-record-failures", 3.0)
                .containsEntry("total-record-errors", 1.0)
                .containsEntry("total-records-skipped", 1.0)
                .containsEntry("total-retries", 1.0)
                .containsEntry("total-errors-logged", 1.0)
                .containsEntry("deadletterqueue-produce-requests", 1.0)
                .containsEntry("deadletterqueue-produce-failures", 1.0)
                .containsEntry("last-error-timestamp", time.milliseconds());
    }

    @Test
    void taskTellsWhatItIsMadeOf() {
        TaskMeter task = meters.begin(TASK, ConnectorType.SOURCE);
        task.connector("acme.Orders", "1");
        task.task("acme.OrdersTask", "2");
        task.converter(ConverterType.KEY, "acme.Key", "3");
        task.converter(ConverterType.VALUE, "acme.Value", "4");
        task.converter(ConverterType.HEADER, "acme.Header", "5");
        task.transform("hoist", "acme.Hoist", "6");
        task.predicate("named", "acme.Named", "7");

        assertThat(values(MetricGroup.TASK))
                .containsEntry("connector-class", "acme.Orders")
                .containsEntry("connector-version", "1")
                .containsEntry("connector-type", "source")
                .containsEntry("task-class", "acme.OrdersTask")
                .containsEntry("task-version", "2")
                .containsEntry("key-converter-class", "acme.Key")
                .containsEntry("value-converter-version", "4")
                .containsEntry("header-converter-class", "acme.Header");
        assertThat(values(MetricGroup.TRANSFORM))
                .isEqualTo(Map.of("transform-class", "acme.Hoist", "transform-version", "6"));
        assertThat(values(MetricGroup.PREDICATE))
                .isEqualTo(Map.of("predicate-class", "acme.Named", "predicate-version", "7"));
    }

    @Test
    void taskTellsHowItSpendsItsLife() {
        TaskMeter task = meters.begin(TASK, ConnectorType.SOURCE);
        task.running();
        time.pass(Duration.ofSeconds(3));
        task.paused();
        time.pass(Duration.ofSeconds(1));
        meters.status(TASK, State.PAUSED);

        assertThat(values(MetricGroup.TASK))
                .containsEntry("status", "paused")
                .containsEntry("running-ratio", 0.75)
                .containsEntry("pause-ratio", 0.25);
    }

    @Test
    void commitsAreTimedIfTheySucceed() {
        TaskMeter task = meters.begin(TASK, ConnectorType.SOURCE);
        task.committed(2_000_000, true);
        task.committed(4_000_000, true);
        task.committed(9_000_000, true);
        task.committed(90_000_000, false);

        assertThat(values(MetricGroup.TASK))
                .containsEntry("offset-commit-max-time-ms", 9.0)
                .containsEntry("offset-commit-avg-time-ms", 5.0)
                .containsEntry("offset-commit-success-percentage", 0.75)
                .containsEntry("offset-commit-failure-percentage", 0.25);
    }

    @Test
    void workerCountsStartsOncePerLife() {
        meters.begin(ORDERS).started();
        TaskMeter first = meters.begin(TASK, ConnectorType.SOURCE);
        first.running();
        first.paused();
        first.running();
        first.failed();
        meters.begin(TASK, ConnectorType.SOURCE).failed();

        assertThat(values(MetricGroup.WORKER))
                .containsEntry("connector-count", 1.0)
                .containsEntry("task-count", 1.0)
                .containsEntry("connector-startup-attempts-total", 1.0)
                .containsEntry("connector-startup-success-total", 1.0)
                .containsEntry("connector-startup-success-percentage", 1.0)
                .containsEntry("connector-startup-failure-total", 0.0)
                .containsEntry("task-startup-attempts-total", 2.0)
                .containsEntry("task-startup-success-total", 1.0)
                .containsEntry("task-startup-failure-total", 1.0)
                .containsEntry("task-startup-failure-percentage", 0.5);
    }

    @Test
    void workerCountsTheTasksOfAConnectorByState() {
        State[] states = {State.RUNNING, State.RUNNING, State.PAUSED, State.FAILED, State.RESTARTING};
        for (int task = 0; task < states.length; task++) {
            TaskMeter unused = meters.begin(ORDERS.task(task), ConnectorType.SINK);
            meters.status(ORDERS.task(task), states[task]);
        }
        TaskMeter unused = meters.begin(ORDERS.task(5), ConnectorType.SINK);

        assertThat(values(MetricGroup.WORKER_CONNECTOR))
                .isEqualTo(Map.of(
                        "connector-total-task-count", 6L,
                        "connector-running-task-count", 2L,
                        "connector-paused-task-count", 1L,
                        "connector-failed-task-count", 1L,
                        "connector-restarting-task-count", 1L,
                        "connector-unassigned-task-count", 1L,
                        "connector-destroyed-task-count", 0L));
    }

    @Test
    void groupTellsItsGenerationAndHowLongItTookToAgree() {
        RebalanceMeter rebalances = meters.rebalances();
        assertThat(values(MetricGroup.REBALANCE))
                .containsEntry("time-since-last-rebalance-ms", Double.POSITIVE_INFINITY);

        rebalances.began();
        assertThat(values(MetricGroup.REBALANCE)).containsEntry("rebalancing", 1.0);
        time.pass(Duration.ofMillis(40));
        rebalances.joined(7, "here:8083", "NONE");
        time.pass(Duration.ofMillis(5));

        assertThat(values(MetricGroup.REBALANCE))
                .isEqualTo(Map.of(
                        "connect-protocol", "NONE",
                        "leader-name", "here:8083",
                        "epoch", 7.0,
                        "completed-rebalances-total", 1.0,
                        "rebalancing", 0.0,
                        "rebalance-max-time-ms", 40.0,
                        "rebalance-avg-time-ms", 40.0,
                        "time-since-last-rebalance-ms", 5.0));
    }

    @Test
    void everyDeclaredMetricIsRegisteredByItsMeter() {
        ConnectorMeter connector = meters.begin(ORDERS);
        connector.describe(ConnectorType.SOURCE, "acme.Orders", "1");
        TaskMeter task = meters.begin(TASK, ConnectorType.SOURCE);
        task.connector("c", "1");
        task.task("t", "1");
        Arrays.stream(ConverterType.values()).forEach(part -> task.converter(part, "c", "1"));
        task.transform("a", "t", "1");
        task.predicate("a", "p", "1");
        task.source().committedTransaction(1);
        task.sink().assigned(FIRST, 0);

        assertThat(metrics.metrics().keySet().stream()
                        .map(name ->
                                name.group() + ":" + name.name() + name.tags().keySet())
                        .filter(name -> !name.startsWith("app-info") && !name.startsWith("kafka-metrics-count"))
                        .map(name -> name.replace("[", "").replace("]", "").replace(" ", "")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ConnectMetric.values())
                        .map(metric -> metric.group().type() + ":" + metric.metricName()
                                + String.join(",", metric.group().tags()))
                        .toList());
    }

    /** What the MBeans of a group, of which there is one, show. */
    private Map<String, Object> values(MetricGroup group) {
        return metrics.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals(group.type()))
                .filter(metric -> metric.metricName().tags().keySet().equals(java.util.Set.copyOf(group.tags())))
                .collect(Collectors.toMap(metric -> metric.metricName().name(), KafkaMetric::metricValue));
    }
}
