/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.runtime.connectors.AnyRecord;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.metrics.ExpositionPage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker with a source, a sink and a connector that fails shows of itself. */
class WorkerMetricsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final MBeanServer JMX = ManagementFactory.getPlatformMBeanServer();
    private static final Map<String, String> SOURCE = Map.of("connector", "metered-source", "task", "0");
    private static final Map<String, String> SINK = Map.of("connector", "metered-sink", "task", "0");
    /** Of Apache's client to its own group; this worker's shows nothing of itself. */
    private static final Set<String> OF_THE_GROUPS_CLIENT = Set.of(
            "connect-coordinator-metrics[client-id]",
            "connect-metrics[client-id]",
            "connect-node-metrics[client-id, node-id]",
            "kafka-metrics-count[client-id]");

    private static final Set<String> NOT_IN_PROMQL = Set.of(
            "sum",
            "rate",
            "max",
            "avg",
            "min",
            "count",
            "by",
            "without",
            "increase",
            "clamp_min",
            "or",
            "on",
            "and",
            "unless",
            "vector",
            "topk",
            "label_values",
            "le",
            "bool",
            "time",
            "ignoring",
            "group_left");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static RunningWorker worker;

    @BeforeAll
    static void start() {
        worker = new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        folder.resolve("data").toString()),
                // As Apache's worker beside it: the sizes of transactions are told of where there are some.
                Map.of("exactly.once.source.support", "disabled"));
        Map<String, String> source = Map.of(
                "connector.class", CountingSource.class.getName(),
                "tasks.max", "1",
                "topic", "metered",
                "count", "500",
                "transforms", "drop",
                "transforms.drop.type", DropEvery.class.getName(),
                "transforms.drop.value", "7",
                "transforms.drop.predicate", "any",
                "predicates", "any",
                "predicates.any.type", AnyRecord.class.getName());
        worker.create("metered-source", source);
        worker.create(
                "metered-sink",
                Map.of(
                        "connector.class", RecordingSink.class.getName(),
                        "tasks.max", "1",
                        "topics", "metered",
                        "consumer.override.auto.offset.reset", "earliest",
                        "transforms", "fail",
                        "transforms.fail.type", DropEvery.class.getName(),
                        "transforms.fail.fail", "9",
                        "errors.tolerance", "all",
                        "errors.log.enable", "true",
                        "errors.deadletterqueue.topic.name", "metered-dead"));
        CountingSource.BROKEN.put("metered-broken", "broken on purpose");
        worker.create(
                "metered-broken",
                Map.of(
                        "connector.class", CountingSource.class.getName(),
                        "tasks.max", "1",
                        "topic", "broken",
                        "count", "1",
                        "errors.restart.max", "0"));
        worker.awaitTask("metered-broken", 0, "FAILED");
        await().atMost(PATIENCE)
                .until(() -> RecordingSink.values("metered-sink").size() >= 498);
    }

    @AfterAll
    static void stop() {
        CountingSource.BROKEN.remove("metered-broken");
        worker.close();
    }

    @Test
    void sourceIsCountedFromPollToAcknowledgement() {
        ExpositionPage page = await().atMost(PATIENCE)
                .until(
                        worker::metrics,
                        now -> number(now, "source_task_metrics_source_record_write_total", SOURCE) >= 499);

        assertThat(number(page, "source_task_metrics_source_record_poll_total", SOURCE))
                .isEqualTo(500);
        assertThat(number(page, "source_task_metrics_source_record_write_total", SOURCE))
                .isEqualTo(499);
        assertThat(number(page, "source_task_metrics_source_record_active_count", SOURCE))
                .isZero();
        assertThat(number(page, "connector_task_metrics_batch_size_max", SOURCE))
                .isEqualTo(50);
        assertThat(page.value("levada_source_seconds_since_last_record", SOURCE))
                .isNotNaN();
        assertThat(number(page, "connector_task_metrics_running_ratio", SOURCE)).isPositive();
    }

    @Test
    void sinkIsCountedFromReadToCommit() {
        Map<String, String> partition =
                Map.of("connector", "metered-sink", "task", "0", "topic", "metered", "partition", "0");
        ExpositionPage page = await().atMost(PATIENCE)
                .until(
                        worker::metrics,
                        now -> Double.valueOf(0).equals(now.value("levada_sink_record_lag", partition))
                                && number(now, "sink_task_metrics_sink_record_active_count", SINK) == 0
                                && number(now, "sink_task_metrics_offset_commit_completion_total", SINK) > 0);

        assertThat(number(page, "sink_task_metrics_sink_record_read_total", SINK))
                .isEqualTo(499);
        assertThat(number(page, "sink_task_metrics_sink_record_send_total", SINK))
                .isEqualTo(498);
        assertThat(number(page, "sink_task_metrics_sink_record_lag_max", SINK)).isZero();
        assertThat(number(page, "sink_task_metrics_partition_count", SINK)).isEqualTo(1);
        assertThat(number(page, "connector_task_metrics_offset_commit_success_percentage", SINK))
                .isEqualTo(1);
    }

    @Test
    void skippedRecordIsCountedAndItsDeadLetterToo() {
        ExpositionPage page = worker.metrics();

        assertThat(number(page, "task_error_metrics_total_record_failures", SINK))
                .isEqualTo(1);
        assertThat(number(page, "task_error_metrics_total_record_errors", SINK)).isEqualTo(1);
        assertThat(number(page, "task_error_metrics_total_records_skipped", SINK))
                .isEqualTo(1);
        assertThat(number(page, "task_error_metrics_total_errors_logged", SINK)).isEqualTo(1);
        assertThat(number(page, "task_error_metrics_deadletterqueue_produce_requests", SINK))
                .isEqualTo(1);
        assertThat(number(page, "task_error_metrics_last_error_timestamp", SINK))
                .isPositive();
    }

    @Test
    void failedTaskSaysSoAndIsCounted() {
        Map<String, String> connector = Map.of("connector", "metered-broken");
        ExpositionPage page = await().atMost(PATIENCE)
                .until(
                        worker::metrics,
                        now -> number(now, "connect_worker_metrics_connector_failed_task_count", connector) == 1);

        assertThat(page.labelsOf("kafka_connect_connector_task_metrics_status_info"))
                .contains(Map.of("connector", "metered-broken", "task", "0", "status", "failed"));
        assertThat(page.labelsOf("kafka_connect_connector_metrics_status_info"))
                .contains(Map.of("connector", "metered-broken", "status", "running"));
        assertThat(number(page, "connect_worker_metrics_connector_total_task_count", connector))
                .isEqualTo(1);
        assertThat(number(page, "connect_worker_metrics_task_count", Map.of())).isGreaterThanOrEqualTo(3);
        assertThat(number(page, "connect_worker_metrics_task_startup_success_total", Map.of()))
                .isGreaterThanOrEqualTo(2);
        // Whenever there is other work the group agrees, also with itself.
        assertThat(number(page, "connect_worker_rebalance_metrics_completed_rebalances_total", Map.of()))
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void theGroupIsShownWithItsGenerationAndItsLeader() {
        ExpositionPage page = worker.metrics();

        assertThat(number(page, "connect_worker_rebalance_metrics_epoch", Map.of()))
                .isPositive();
        assertThat(page.labelsOf("kafka_connect_connect_worker_rebalance_metrics_leader_name_info"))
                .singleElement()
                .satisfies(labels -> assertThat(labels.get("leader_name")).matches("localhost:[0-9]+"));
    }

    @Test
    void clientsOfTasksAreShownUnderKafkaConnectsIds() throws JMException {
        assertThat(JMX.queryNames(
                        new ObjectName(
                                "kafka.producer:type=producer-metrics,client-id=connector-producer-metered-source-0"),
                        null))
                .hasSize(1);
        assertThat(JMX.queryNames(
                        new ObjectName(
                                "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=connector-consumer-metered-sink-0"),
                        null))
                .hasSize(1);
    }

    @Test
    void connectorsThatAreDeletedLeaveNoMetrics() {
        for (int number = 0; number < 5; number++) {
            String name = "passing-" + number;
            worker.create(
                    name,
                    Map.of(
                            "connector.class",
                            CountingSource.class.getName(),
                            "tasks.max",
                            "1",
                            "topic",
                            name,
                            "count",
                            "10"));
            worker.awaitStates(name, "RUNNING", "RUNNING");
            worker.delete(name);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(JMX.queryNames(new ObjectName("kafka.*:*"), null))
                        .noneMatch(name -> name.toString().contains("passing-")));
    }

    @Test
    void everyQueryOfTheDashboardAsksForWhatThePageShows() throws IOException {
        ExpositionPage page = worker.metrics();
        JsonNode dashboard =
                new ObjectMapper().readTree(Files.readString(Path.of("..", "docs", "grafana-dashboard.json")));
        Set<String> asked = new TreeSet<>();
        dashboard.findValuesAsText("expr").forEach(expression -> asked.addAll(names(expression)));
        dashboard.findValuesAsText("definition").forEach(expression -> asked.addAll(names(expression)));

        assertThat(asked).hasSizeGreaterThan(20);
        assertThat(page.names()).containsAll(asked);
    }

    private static Set<String> names(String expression) {
        Set<String> names = new TreeSet<>();
        String bare = expression
                .replaceAll("\"[^\"]*\"", "")
                .replaceAll("\\{[^}]*}", "")
                .replaceAll("\\[[^]]*]", "")
                .replaceAll("\\b(by|without|on|ignoring|group_left)\\s*\\([^)]*\\)", "")
                .replaceAll("(label_values\\([^,]*),[^)]*\\)", "$1)");
        Matcher word = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*").matcher(bare);
        while (word.find()) {
            if (!NOT_IN_PROMQL.contains(word.group())) {
                names.add(word.group());
            }
        }
        return names;
    }

    @Test
    void namesAndAttributesAreThoseOfApachesWorker() throws Exception {
        Path lines = Files.writeString(folder.resolve("lines.txt"), "a\nb\n");
        Map<String, Map<String, Boolean>> apache;
        try (ApacheConnect peer = ApacheConnect.start(folder, worker.bootstrapServers())) {
            Map<String, String> source = new TreeMap<>(Map.of(
                    "connector.class", "FileStreamSource",
                    "file", lines.toString(),
                    "topic", "apache-lines",
                    "transforms", "drop",
                    "transforms.drop.type", "org.apache.kafka.connect.transforms.InsertHeader",
                    "transforms.drop.header", "a",
                    "transforms.drop.value.literal", "b",
                    "transforms.drop.predicate", "any",
                    "predicates", "any",
                    "predicates.any.type", "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"));
            source.put("predicates.any.pattern", "x.*");
            peer.create("metered-source", ApacheConnect.json(source));
            peer.create(
                    "metered-sink",
                    ApacheConnect.json(Map.of(
                            "connector.class", "FileStreamSink",
                            "file", folder.resolve("out.txt").toString(),
                            "topics", "apache-lines")));
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> Files.isRegularFile(folder.resolve("out.txt"))
                            && Files.readAllLines(folder.resolve("out.txt")).size() == 2);
            apache = attributes(peer.beans());
        }
        apache.keySet().removeAll(OF_THE_GROUPS_CLIENT);

        Map<String, Map<String, Boolean>> ours = attributes(JMX);

        assertThat(apache).containsKeys("sink-task-metrics[connector, task]", "connect-worker-rebalance-metrics[]");
        assertThat(ours.keySet().stream().filter(bean -> !bean.startsWith("levada-")))
                .containsExactlyInAnyOrderElementsOf(apache.keySet());
        // Documented by Apache, and registered by nobody there.
        apache.getOrDefault("sink-task-metrics[connector, task]", Map.of()).put("sink-record-lag-max", true);
        apache.forEach((bean, attributes) ->
                assertThat(ours.get(bean)).as(bean).containsExactlyInAnyOrderEntriesOf(attributes));
    }

    /** Attributes, and whether they are numbers, of each kind of MBean by its type and tags. */
    private static Map<String, Map<String, Boolean>> attributes(MBeanServerConnection beans)
            throws IOException, JMException {
        Map<String, Map<String, Boolean>> kinds = new TreeMap<>();
        for (ObjectName name : beans.queryNames(new ObjectName("kafka.connect:*"), null)) {
            Map<String, String> tags = new TreeMap<>(name.getKeyPropertyList());
            String type = tags.remove("type");
            if ("plugins".equals(type)) {
                continue;
            }
            Map<String, Boolean> attributes = kinds.computeIfAbsent(type + tags.keySet(), first -> new TreeMap<>());
            for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                attributes.put(attribute.getName(), isNumber(beans, name, attribute.getName()));
            }
        }
        return kinds;
    }

    private static boolean isNumber(MBeanServerConnection beans, ObjectName name, String attribute) throws JMException {
        try {
            return beans.getAttribute(name, attribute) instanceof Number;
        } catch (IOException ofAClassThatIsNotHere) {
            return false;
        }
    }

    private static double number(ExpositionPage page, String name, Map<String, String> labels) {
        Double value = page.value("kafka_connect_" + name, labels);
        return value == null ? Double.NaN : value;
    }

    @Test
    void pageShowsTheProcessToo() {
        Set<String> families = worker.metrics().families();

        assertThat(families.stream().filter(family -> family.startsWith("jvm_")).collect(Collectors.toSet()))
                .contains("jvm_memory_used_bytes", "jvm_threads_live_threads");
        assertThat(families)
                .contains(
                        "kafka_connect_app_info_version_info",
                        "kafka_connect_app_info_commit_id_info",
                        "kafka_connect_app_info_start_time_ms",
                        "kafka_connect_kafka_metrics_count_count");
    }
}
