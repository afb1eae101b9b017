/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.status.State;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.storage.ConverterType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorkerMetersTest {
    private static final MBeanServer JMX = ManagementFactory.getPlatformMBeanServer();
    private static final ConnectorName ORDERS = new ConnectorName("orders");
    private static final TaskId TASK = ORDERS.task(0);

    private final Metrics metrics = Reporters.jmxAlone();
    private final WorkerMeters meters = new WorkerMeters(metrics, "meters-test:0", Time.SYSTEM);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void connectorsThatComeAndGoLeaveNothing() throws Exception {
        Set<String> before = beans();
        for (int connector = 0; connector < 50; connector++) {
            ConnectorName name = new ConnectorName("passing-" + connector);
            live(name);
            assertThat(beans()).hasSizeGreaterThan(before.size());
            meters.remove(name.task(0));
            meters.remove(name.task(1));
            meters.remove(name);
        }

        assertThat(beans()).isEqualTo(before);
        assertThat(names()).noneMatch(name -> name.contains("passing"));
        assertThat(ConnectMetric.values())
                .allSatisfy(metric -> assertThat(sensor("passing-7", metric))
                        .as(metric.toString())
                        .isNull());
        assertThat(value("connect-worker-metrics", "connector-count")).isEqualTo(0.0);
        assertThat(value("connect-worker-metrics", "task-count")).isEqualTo(0.0);
    }

    @Test
    void aConnectorThatIsThereHasSensors() {
        live(new ConnectorName("present"));

        assertThat(sensor("present", ConnectMetric.BATCH_SIZE_MAX)).isNotNull();
    }

    private @Nullable Sensor sensor(String connector, ConnectMetric metric) {
        return metrics.getSensor("worker: {connector=" + connector + ", task=0} " + metric);
    }

    private void live(ConnectorName name) {
        ConnectorMeter connector = meters.begin(name);
        connector.describe(ConnectorType.SINK, "acme.Sink", "1");
        for (int task = 0; task < 2; task++) {
            TaskMeter meter = meters.begin(name.task(task), ConnectorType.SINK);
            meter.converter(ConverterType.KEY, "acme.Key", "1");
            meter.transform("hoist", "acme.Hoist", "1");
            meter.predicate("named", "acme.Named", "1");
            meter.sink().assigned(new TopicPartition("t", task), 0);
            meter.running();
            meter.committed(1, true);
            meter.errors().failed();
        }
    }

    @Test
    void lastValuesOfAFailedTaskStayUntilItsNextLife() throws Exception {
        TaskMeter failed = meters.begin(TASK, ConnectorType.SOURCE);
        failed.running();
        failed.source().polled(5, 1, null);
        failed.failed();
        meters.status(TASK, State.FAILED);

        assertThat(value("connector-task-metrics,connector=orders,task=0", "status"))
                .isEqualTo("failed");
        assertThat(value("source-task-metrics,connector=orders,task=0", "source-record-poll-total"))
                .isEqualTo(5.0);

        TaskMeter next = meters.begin(TASK, ConnectorType.SOURCE);
        next.source().polled(1, 1, null);

        // It has failed until it has shown that it works, as its status says.
        assertThat(value("connector-task-metrics,connector=orders,task=0", "status"))
                .isEqualTo("failed");
        assertThat(value("source-task-metrics,connector=orders,task=0", "source-record-poll-total"))
                .isEqualTo(1.0);
    }

    @Test
    void whatATaskThatWasLeftBehindRecordsIsSeenByNobody() throws Exception {
        TaskMeter hanging = meters.begin(TASK, ConnectorType.SINK);
        SinkMeter old = hanging.sink();
        TaskMeter next = meters.begin(TASK, ConnectorType.SINK);
        next.sink().read(1, 1);

        old.read(100, 100);
        old.put(100, 1);
        old.assigned(new TopicPartition("late", 0), 0);
        hanging.transform("late", "acme.Late", "1");
        hanging.source().committedTransaction(3);
        hanging.committed(1, true);

        assertThat(value("sink-task-metrics,connector=orders,task=0", "sink-record-read-total"))
                .isEqualTo(1.0);
        assertThat(names()).noneMatch(name -> name.contains("late") || name.contains("source-record"));
    }

    @Test
    void pageIsReadWhileTasksComeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> first = threads.submit(() -> comeAndGo(new ConnectorName("first")));
            Future<?> second = threads.submit(() -> comeAndGo(new ConnectorName("second")));
            int pages = 0;
            while (!first.isDone() || !second.isDone() || pages == 0) {
                ExpositionPage page = ExpositionPage.parse(PrometheusText.of(meters.all()));
                assertThat(page.families()).contains("kafka_connect_connect_worker_metrics_task_count");
                pages++;
            }
            await(first);
            await(second);
        } finally {
            threads.shutdownNow();
        }
        assertThat(value("connect-worker-metrics", "task-count")).isEqualTo(0.0);
    }

    private void comeAndGo(ConnectorName name) {
        for (int life = 0; life < 40; life++) {
            live(name);
            meters.remove(name.task(0));
            meters.remove(name.task(1));
            meters.remove(name);
        }
    }

    private static void await(Future<?> end) throws ExecutionException, InterruptedException {
        try {
            end.get(2, TimeUnit.MINUTES);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Object value(String bean, String attribute) throws Exception {
        return JMX.getAttribute(new ObjectName("kafka.connect:type=" + bean), attribute);
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        meters.all().forEach(metric -> names.add(metric.metricName().toString()));
        return names;
    }

    private static Set<String> beans() throws MalformedObjectNameException {
        return JMX.queryNames(new ObjectName("kafka.connect:*"), null).stream()
                .map(ObjectName::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
