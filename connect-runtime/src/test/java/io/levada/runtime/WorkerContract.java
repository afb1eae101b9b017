/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.CountingSource.CountingTask;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.connectors.RenameTopic;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.herder.AlreadyExistsException;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConnectorInfo;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.ConnectorOffset;
import io.levada.runtime.lifecycle.FailureReport;
import io.levada.runtime.logging.LoggedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker promises, whatever broker it runs on. */
abstract class WorkerContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    RunningWorker worker;

    private Map<String, String> topics = Map.of();

    /** Names differ between tests, because they may share a broker. */
    String source = "";

    private String sink = "";
    private String topic = "";

    /** Whether sources deliver exactly once: {@code exactly.once.source.support}. */
    String exactlyOnce() {
        return "disabled";
    }

    /** The keys that name the broker. */
    abstract Map<String, String> broker(Path dataDir);

    @BeforeEach
    void start(TestInfo test) {
        String id = String.valueOf(NUMBER.incrementAndGet());
        source = "source-" + id;
        sink = "sink-" + id;
        topic = "topic-" + id;
        topics = Map.of(
                "group.id",
                groupId(),
                "config.storage.topic",
                "configs-" + id,
                "offset.storage.topic",
                "offsets-" + id,
                "status.storage.topic",
                "statuses-" + id,
                "exactly.once.source.support",
                exactlyOnce(),
                "config.providers",
                "file",
                "config.providers.file.class",
                "org.apache.kafka.common.config.provider.FileConfigProvider");
        worker = new RunningWorker(broker(folder.resolve("data")), topics);
    }

    final String groupId() {
        return "group-" + source;
    }

    final String offsetTopic() {
        return topics.getOrDefault("offset.storage.topic", "");
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    private Map<String, String> counting(int count) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", CountingSource.class.getName());
        config.put("tasks.max", "1");
        config.put("topic", topic);
        config.put("count", String.valueOf(count));
        return config;
    }

    private Map<String, String> recording() {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", RecordingSink.class.getName());
        config.put("tasks.max", "1");
        config.put("topics", topic);
        config.put("consumer.override.auto.offset.reset", "earliest");
        return config;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void recordsTravelFromSourceToSinkOnceAndInOrder() {
        worker.create(source, counting(500));
        worker.create(sink, recording());

        worker.awaitStates(source, "RUNNING", "RUNNING");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 500);

        assertThat(RecordingSink.values(sink)).isEqualTo(numbers(0, 500));
    }

    @Test
    void sourceGoesOnAtItsOffsetAfterARestart() {
        worker.create(source, counting(100));
        assertThat(worker.values(topic, 100)).hasSize(100);

        worker.restart();
        worker.put(source, counting(150));

        assertThat(worker.values(topic, 150)).isEqualTo(numbers(0, 150));
    }

    @Test
    void sinkGoesOnAtItsOffsetAfterARestart() {
        worker.create(source, counting(100));
        worker.create(sink, recording());
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 100);

        worker.restart();
        worker.put(source, counting(150));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 150);

        assertThat(RecordingSink.values(sink)).isEqualTo(numbers(0, 150));
    }

    @Test
    void failedTaskIsRestartedAndGoesOn() {
        CountingSource.BROKEN.put(source, "broken on purpose");
        worker.create(source, counting(10));
        assertThat(worker.awaitTask(source, 0, "FAILED").trace())
                .startsWith("org.apache.kafka.connect.errors.ConnectException: poll() of "
                        + CountingTask.class.getName() + " failed for task " + source + "-0")
                .contains("broken on purpose", "errors.restart.max");

        CountingSource.BROKEN.remove(source);

        worker.awaitStates(source, "RUNNING", "RUNNING");
        assertThat(worker.values(topic, 10)).isEqualTo(numbers(0, 10));
    }

    @Test
    void whatIsOnItsWayArrivesAlthoughARecordBehindItIsRefused() {
        Script script = linesAndALargeOne();
        worker.create(source, refused(Map.of()));

        assertThat(worker.awaitTask(source, 0, "FAILED").trace()).contains("RecordTooLargeException");
        assertThat(worker.values(topic, 5)).isEqualTo(numbers(0, 5));
        assertThat(get(worker.herder().offsets(new ConnectorName(source))))
                .containsExactly(new ConnectorOffset(Map.of("only", "one"), Map.of("n", 4L)));
        assertThat(script.calls).endsWith("record 4", "commit", "stop");
    }

    final Script linesAndALargeOne() {
        Script script = new Script(source);
        List<SourceRecord> lines = new ArrayList<>(script.records(0, 1, 2, 3, 4));
        lines.add(new SourceRecord(
                Map.of("only", "one"),
                Map.of("n", 5L),
                topic,
                null,
                null,
                null,
                Schema.STRING_SCHEMA,
                "x".repeat(1_200_000)));
        script.polls.add(lines);
        return script;
    }

    /** Of a source whose large line fails it, with {@code more} keys. */
    final Map<String, String> refused(Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class",
                ScriptedSource.class.getName(),
                "script",
                source,
                "transforms",
                "route",
                "transforms.route.type",
                RenameTopic.class.getName(),
                "transforms.route.to",
                topic,
                // So long that what is not waited for would be thrown away.
                "producer.override.linger.ms",
                "1500",
                "errors.restart.max",
                "0"));
        config.putAll(more);
        return config;
    }

    @Test
    void taskThatHangsInPollIsStoppedInTimeAndItsOffsetsAreCommitted() throws InterruptedException {
        Script script = new Script(source);
        script.poll(0, 1, 2);
        script.hangs = true;
        worker.create(source, Map.of("connector.class", ScriptedSource.class.getName(), "script", source));
        assertThat(script.hanging.await(60, TimeUnit.SECONDS)).isTrue();

        get(worker.herder().stop(new ConnectorName(source)));
        worker.awaitStates(source, "STOPPED");

        await().atMost(Duration.ofSeconds(60)).until(() -> script.calls.contains("stop"));
        assertThat(script.calls).containsSubsequence("record 2", "commit", "stop");
        assertThat(get(worker.herder().offsets(new ConnectorName(source))))
                .containsExactly(new ConnectorOffset(Map.of("only", "one"), Map.of("n", 2L)));
    }

    @Test
    void failedTaskStaysFailedIfRestartsAreOff() {
        CountingSource.BROKEN.put(source, "broken on purpose");
        Map<String, String> config = counting(10);
        config.put("errors.restart.max", "0");
        worker.create(source, config);

        worker.awaitTask(source, 0, "FAILED");
        CountingSource.BROKEN.remove(source);

        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofMinutes(2))
                .until(() -> CountingSource.starts(source) == 1);
        get(worker.herder().restartTask(new ConnectorName(source).task(0)));
        worker.awaitTask(source, 0, "RUNNING");
    }

    @Test
    void failingSinkShowsFailedOverItsRestartsUntilItHasWorked() {
        worker.create(source, counting(5));
        Map<String, String> config = recording();
        RecordingSink.BROKEN.add(sink);
        worker.create(sink, config);
        worker.awaitTask(sink, 0, "FAILED");

        ConnectorName name = new ConnectorName(sink);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(states(name)).doesNotContain("RUNNING", "RESTARTING");
            FailureReport failure = get(worker.herder().diagnosis(name)).tasks().get(0);
            return failure != null && failure.attempt() >= 3;
        });
        FailureReport failure = Objects.requireNonNull(
                get(worker.herder().diagnosis(name)).tasks().get(0));
        assertThat(failure.firstCause())
                .contains(
                        "TASK_PUT by " + RecordingSink.RecordingTask.class.getName(), topic + "-0 offset", "no bucket");
        assertThat(failure.firstFailedAt()).isBefore(failure.lastFailedAt());

        RecordingSink.BROKEN.remove(sink);

        worker.awaitStates(sink, "RUNNING", "RUNNING");
        assertThat(get(worker.herder().diagnosis(name)).tasks()).isEmpty();
        assertThat(RecordingSink.values(sink)).isEqualTo(numbers(0, 5));
    }

    private List<String> states(ConnectorName name) {
        return get(worker.herder().status(name)).tasks().stream()
                .map(task -> task.reported().state())
                .toList();
    }

    @Test
    void poisonedRecordIsNotTriedAgainUntilTheConfigChanges() {
        worker.create(source, counting(5));
        Map<String, String> config = recording();
        config.put("transforms", "t");
        config.put("transforms.t.type", "io.levada.runtime.connectors.DropEvery");
        config.put("transforms.t.fail", "3");
        worker.create(sink, config);

        assertThat(worker.awaitTask(sink, 0, "FAILED").trace())
                .contains(
                        "TRANSFORMATION by io.levada.runtime.connectors.DropEvery failed for the record at " + topic
                                + "-0 offset 3",
                        "Not retried: the same record fails in the same way again");
        assertThat(Objects.requireNonNull(get(worker.herder().diagnosis(new ConnectorName(sink)))
                                .tasks()
                                .get(0))
                        .phase())
                .isEqualTo(FailureReport.Phase.GIVEN_UP);

        config.put("transforms.t.fail", "33");
        worker.put(sink, config);

        worker.awaitStates(sink, "RUNNING", "RUNNING");
    }

    @Test
    void taskThatCannotBeMadeLeavesNothingOpenHoweverOftenItIsTried() {
        worker.create(source, counting(5));
        Map<String, String> config = recording();
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", topic + "-dead");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        config.put("transforms", "a,b");
        config.put("transforms.a.type", "io.levada.runtime.connectors.DropEvery");
        config.put("transforms.a.counted.as", sink);
        config.put("transforms.b.type", "io.levada.runtime.connectors.DropEvery");
        config.put("transforms.b.refuse", sink);
        worker.create(sink, config);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> DropEvery.REFUSALS
                                .getOrDefault(sink, new AtomicInteger())
                                .get()
                        >= 3);
        get(worker.herder().stop(new ConnectorName(sink)));
        worker.awaitStates(sink, "STOPPED");

        assertThat(DropEvery.OPEN.getOrDefault(sink, new AtomicInteger()).get()).isZero();
        await().atMost(Duration.ofSeconds(60)).until(() -> threadsNaming(sink).isEmpty());
    }

    @Test
    void sourceTaskThatCannotBeMadeLeavesNoClientsOpenHoweverOftenItIsTried() {
        Map<String, String> config = counting(5);
        config.put("offsets.storage.topic", topic + "-offsets");
        config.put("producer.override.delivery.timeout.ms", "1"); // less than a request may take
        worker.create(source, config);
        ConnectorName name = new ConnectorName(source);
        worker.awaitTask(source, 0, "FAILED");
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            FailureReport failure = get(worker.herder().diagnosis(name)).tasks().get(0);
            return failure != null && failure.attempt() >= 3;
        });

        get(worker.herder().stop(name));
        worker.awaitStates(source, "STOPPED");

        await().atMost(Duration.ofSeconds(60)).until(() -> topicWriters(source) == 0);
    }

    private static long topicWriters(String connector) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("levada-topics-" + connector)
                        && thread.getName().endsWith("-writer"))
                .count();
    }

    private static List<String> threadsNaming(String connector) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kafka-") && name.contains(connector + "-"))
                .toList();
    }

    @Test
    void deletedConnectorIsNotFoundAtOnce() {
        for (int round = 0; round < 10; round++) {
            worker.create(source, counting(5));
            worker.awaitStates(source, "RUNNING", "RUNNING");

            get(worker.herder().delete(new ConnectorName(source)));

            assertThat(worker.status(source)).isNull();
            assertThatThrownBy(() -> get(worker.herder().taskStatus(new ConnectorName(source).task(0))))
                    .isInstanceOf(ConnectorNotFoundException.class);
        }
    }

    @Test
    void failedConnectorShowsItsTrace() {
        Map<String, String> config = counting(1);
        config.put("fail.start", "yes");
        worker.create(source, config);

        worker.awaitStates(source, "FAILED");

        assertThat(Objects.requireNonNull(worker.status(source)).connector().trace())
                .startsWith("org.apache.kafka.connect.errors.ConnectException: told to fail at start");
    }

    @Test
    void failedConnectorThatIsPausedAndResumedIsStillRestarted() {
        CountingSource.BROKEN_STARTS.add(source);
        worker.create(source, counting(3));
        worker.awaitStates(source, "FAILED");
        get(worker.herder().pause(new ConnectorName(source)));
        get(worker.herder().resume(new ConnectorName(source)));

        CountingSource.BROKEN_STARTS.remove(source);

        worker.awaitStates(source, "RUNNING", "RUNNING");
    }

    @Test
    void pausedAndStoppedStayAsTheyAreOverARestart() {
        worker.create(source, counting(10));
        worker.awaitStates(source, "RUNNING", "RUNNING");
        get(worker.herder().pause(new ConnectorName(source)));
        worker.awaitStates(source, "PAUSED", "PAUSED");
        worker.create(source + "b", counting(10), TargetState.STOPPED);
        worker.awaitStates(source + "b", "STOPPED");

        worker.restart();

        worker.awaitStates(source, "PAUSED", "PAUSED");
        worker.awaitStates(source + "b", "STOPPED");
        get(worker.herder().resume(new ConnectorName(source)));
        get(worker.herder().resume(new ConnectorName(source + "b")));
        worker.awaitStates(source, "RUNNING", "RUNNING");
        worker.awaitStates(source + "b", "RUNNING", "RUNNING");
    }

    @Test
    void stoppedConnectorHasNoTasks() {
        worker.create(source, counting(10));
        worker.awaitStates(source, "RUNNING", "RUNNING");

        get(worker.herder().stop(new ConnectorName(source)));

        worker.awaitStates(source, "STOPPED");
        assertThat(get(worker.herder().tasks(new ConnectorName(source)))).isEmpty();
    }

    @Test
    void connectorStoppedWhileItMakesItsTasksKeepsNone() {
        ConnectorName name = new ConnectorName(source);
        for (int round = 0; round < 10; round++) {
            worker.put(source, counting(10 + round));
            get(worker.herder().restart(name, false, false));
            get(worker.herder().stop(name));

            worker.awaitStates(source, "STOPPED");
            assertThat(get(worker.herder().tasks(name))).isEmpty();
            get(worker.herder().resume(name));
        }
    }

    @Test
    void offsetsOfAStoppedSourceCanBeAltered() {
        worker.create(source, counting(10));
        assertThat(worker.values(topic, 10)).hasSize(10);
        ConnectorName name = new ConnectorName(source);
        ConnectorOffset two = new ConnectorOffset(Map.of("task", 0), Map.of("n", 2));
        assertThatThrownBy(() -> get(worker.herder().alterOffsets(name, List.of(two))))
                .isInstanceOf(BadRequestException.class);
        get(worker.herder().stop(name));
        worker.awaitStates(source, "STOPPED");

        assertThat(get(worker.herder().alterOffsets(name, List.of(two))))
                .isEqualTo("The offsets for this connector have been altered successfully");

        assertThat(get(worker.herder().offsets(name)))
                .containsExactly(new ConnectorOffset(Map.of("task", 0L), Map.of("n", 2L)));
        get(worker.herder().resume(name));
        assertThat(worker.values(topic, 17)).endsWith(numbers(3, 10).toArray(String[]::new));
    }

    @Test
    void connectorThatIsGivenATopicForItsOffsetsGoesOnWhereItWasAndKeepsThemThere() throws Exception {
        ConnectorName name = new ConnectorName(source);
        worker.create(source, counting(10));
        assertThat(worker.values(topic, 10)).hasSize(10);
        get(worker.herder().stop(name));
        worker.awaitStates(source, "STOPPED");
        Map<String, String> config = counting(20);
        config.put("offsets.storage.topic", topic + "-offsets");

        worker.put(source, config);
        get(worker.herder().resume(name));

        assertThat(worker.values(topic, 20)).isEqualTo(numbers(0, 20));
        get(worker.herder().stop(name));
        worker.awaitStates(source, "STOPPED");
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> get(worker.herder().offsets(name)),
                        List.of(new ConnectorOffset(Map.of("task", 0L), Map.of("n", 19L)))::equals);
        assertThat(newestIn(topic + "-offsets", "[\"" + source + "\",{\"task\":0}]"))
                .isEqualTo("{\"n\":19}");
        assertThat(get(worker.herder()
                        .alterOffsets(name, List.of(new ConnectorOffset(Map.of("task", 0), Map.of("n", 17))))))
                .contains("altered successfully");
        get(worker.herder().resume(name));
        assertThat(worker.values(topic, 22)).endsWith("18", "19");
        get(worker.herder().stop(name));
        worker.awaitStates(source, "STOPPED");
        assertThat(get(worker.herder().resetOffsets(name))).contains("reset successfully");
        assertThat(get(worker.herder().offsets(name))).isEmpty();
    }

    /** The newest value under a key in an offset topic that is made like the worker's. */
    private String newestIn(String offsetTopic, String key) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", worker.bootstrapServers()))) {
            Map<String, TopicDescription> described = admin.describeTopics(List.of(offsetTopic, offsetTopic()))
                    .allTopicNames()
                    .get();
            int partitions = Objects.requireNonNull(described.get(offsetTopic))
                    .partitions()
                    .size();
            assertThat(Objects.requireNonNull(described.get(offsetTopic())).partitions())
                    .hasSize(partitions);
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, offsetTopic);
            assertThat(Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                                    .all()
                                    .get()
                                    .get(resource))
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
            int partition = BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), partitions);
            return worker.records(offsetTopic, partition, 1).stream()
                    .filter(record -> record.key().equals(key))
                    .map(record -> new String(record.value(), UTF_8))
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
        }
    }

    @Test
    void offsetsOfAStoppedSinkCanBeAlteredAndReset() {
        worker.create(source, counting(10));
        worker.create(sink, recording());
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 10);
        ConnectorName name = new ConnectorName(sink);
        get(worker.herder().stop(name));
        worker.awaitStates(sink, "STOPPED");
        Map<String, Object> partition = Map.of("kafka_topic", topic, "kafka_partition", 0);
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> get(worker.herder().offsets(name)),
                        List.of(new ConnectorOffset(partition, Map.of("kafka_offset", 10L)))::equals);

        get(worker.herder().alterOffsets(name, List.of(new ConnectorOffset(partition, Map.of("kafka_offset", 8)))));
        get(worker.herder().resume(name));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 12);

        assertThat(RecordingSink.values(sink)).endsWith("8", "9", "8", "9");
        get(worker.herder().stop(name));
        worker.awaitStates(sink, "STOPPED");
        assertThat(get(worker.herder().resetOffsets(name))).contains("reset successfully");
        assertThat(get(worker.herder().offsets(name))).isEmpty();
    }

    @Test
    void refusedBatchIsPutAgain() {
        RecordingSink.REFUSALS.put(sink, new AtomicInteger(2));
        worker.create(source, counting(20));
        worker.create(sink, recording());

        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 20);

        assertThat(RecordingSink.values(sink)).isEqualTo(numbers(0, 20));
    }

    @Test
    void recordThatATransformFailsOnGoesToTheDeadLetterTopicWithItsStory() {
        worker.create(source, counting(5));
        Map<String, String> config = recording();
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", topic + "-dead");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        config.put("errors.deadletterqueue.context.headers.enable", "true");
        config.put("transforms", "t");
        config.put("transforms.t.type", "io.levada.runtime.connectors.DropEvery");
        config.put("transforms.t.value", "1");
        config.put("transforms.t.fail", "3");
        worker.create(sink, config);

        List<ConsumerRecord<String, byte[]>> dead = worker.records(topic + "-dead", 1);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 3);

        assertThat(RecordingSink.values(sink)).containsExactly("0", "2", "4");
        assertThat(dead).hasSize(1);
        assertThat(new String(dead.get(0).value(), UTF_8)).isEqualTo("3");
        assertThat(headers(dead.get(0)))
                .containsEntry("__connect.errors.topic", topic)
                .containsEntry("__connect.errors.partition", "0")
                .containsEntry("__connect.errors.offset", "3")
                .containsEntry("__connect.errors.connector.name", sink)
                .containsEntry("__connect.errors.task.id", "0")
                .containsEntry("__connect.errors.stage", "TRANSFORMATION")
                .containsEntry("__connect.errors.class.name", "io.levada.runtime.connectors.DropEvery")
                .containsEntry("__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException")
                .containsEntry("__connect.errors.exception.message", "told to fail on this value")
                .containsKey("__connect.errors.exception.stacktrace");
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return headers;
    }

    @Test
    void recordThatATaskGivesBackGoesToTheDeadLetterTopic() {
        worker.create(source, counting(5));
        Map<String, String> config = recording();
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", topic + "-dead");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        config.put("report.value", "2");
        worker.create(sink, config);

        assertThat(worker.values(topic + "-dead", 1)).containsExactly("2");
    }

    @Test
    void failureOfASinkNamesTheRecords() {
        worker.create(source, counting(5));
        Map<String, String> config = recording();
        config.put("bad.value", "4");
        worker.create(sink, config);

        String trace =
                Objects.requireNonNull(worker.awaitTask(sink, 0, "FAILED").trace());
        assertThat(trace.lines().findFirst().orElseThrow())
                .contains(
                        "TASK_PUT by " + RecordingSink.RecordingTask.class.getName(), topic + "-0 offset", "bad value");
    }

    @Test
    void deletedConnectorLeavesNoStatusAndNoTasks() {
        worker.create(source, counting(5));
        worker.awaitStates(source, "RUNNING", "RUNNING");

        get(worker.herder().delete(new ConnectorName(source)));

        assertThat(worker.status(source)).isNull();
        assertThat(get(worker.herder().connectors())).isEmpty();
        worker.create(source, counting(5), TargetState.STOPPED);
        assertThat(get(worker.herder().tasks(new ConnectorName(source)))).isEmpty();
    }

    @Test
    void twoCreatesOfOneNameMakeOneConnector() {
        Map<String, String> config = counting(1);
        config.put("name", source);
        var first = worker.herder().createConnector(new ConnectorName(source), new HashMap<>(config), null);
        var second = worker.herder().createConnector(new ConnectorName(source), new HashMap<>(config), null);

        assertThat(get(first).name()).isEqualTo(new ConnectorName(source));
        assertThatThrownBy(() -> get(second)).isInstanceOf(AlreadyExistsException.class);
    }

    @Test
    void sameConfigAgainRestartsNoTask() {
        worker.create(source, counting(5));
        worker.awaitStates(source, "RUNNING", "RUNNING");

        worker.put(source, counting(5));

        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofMinutes(2))
                .until(() -> CountingSource.starts(source) == 1);
    }

    @Test
    void moreTasksAreAddedAndFewerTakenAway() {
        Map<String, String> config = counting(5);
        config.put("tasks.max", "3");
        worker.create(source, config);
        worker.awaitStates(source, "RUNNING", "RUNNING", "RUNNING", "RUNNING");

        worker.put(source, counting(5));

        worker.awaitStates(source, "RUNNING", "RUNNING");
        ConnectorInfo info = get(worker.herder().info(new ConnectorName(source)));
        assertThat(info.tasks()).hasSize(1);
    }

    @Test
    void secretReachesTheTaskButNeitherTopicNorAnswer() throws IOException {
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=hunter2\n");
        String reference = "${file:" + secrets + ":password}";
        Map<String, String> config = counting(1);
        config.put("secret", reference);
        worker.create(source, config);
        worker.awaitStates(source, "RUNNING", "RUNNING");

        assertThat(CountingTask.SECRETS).containsEntry(source, "hunter2");
        assertThat(get(worker.herder().config(new ConnectorName(source)))).containsEntry("secret", reference);
        assertThat(get(worker.herder().tasks(new ConnectorName(source))).get(0).config())
                .containsEntry("secret", reference);
    }

    @ParameterizedTest
    @CsvSource({"connector, connector failed", "task, task failed"})
    void whatAPluginTellsOfASecretIsNeitherInItsStatusNorInTheLog(String who, String line) throws IOException {
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=hunter2\n");
        String reference = "${file:" + secrets + ":password}";
        Map<String, String> config = counting(1);
        config.put(who.equals("task") ? "secret" : "fail.start", reference);
        config.put("errors.restart.max", "0");
        if (who.equals("task")) {
            CountingSource.BROKEN.put(source, "cannot log in with hunter2");
        }
        try (LoggedLines log = LoggedLines.ofAll()) {
            worker.create(source, config);
            String trace;
            if (who.equals("task")) {
                trace = String.valueOf(worker.awaitTask(source, 0, "FAILED").trace());
            } else {
                worker.awaitStates(source, "FAILED");
                trace = String.valueOf(Objects.requireNonNull(worker.status(source))
                        .connector()
                        .trace());
            }
            assertThat(trace)
                    .contains("org.apache.kafka.connect.errors.ConnectException: ", reference, "\tat ")
                    .doesNotContain("hunter2");
            assertThat(log.lines())
                    .filteredOn(logged -> logged.message().equals(line))
                    .singleElement()
                    .extracting(LoggedLines.Line::text)
                    .asString()
                    .contains(reference)
                    .doesNotContain("hunter2");
        } finally {
            CountingSource.BROKEN.remove(source);
        }
    }

    @Test
    void referenceThatCannotBeResolvedIsRefusedAndNeverReachesThePlugin() throws IOException {
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=hunter2\n");
        Map<String, String> config = counting(1);
        config.put("secret", "${file:" + secrets + ":passwd}");
        assertThatThrownBy(() -> worker.create(source, config))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("secret refers to key 'passwd' of '" + secrets + "' by config provider 'file'");

        config.put("secret", "${file:" + secrets + ":password}");
        config.put("errors.restart.max", "0");
        worker.create(source, config);
        worker.awaitStates(source, "RUNNING", "RUNNING");
        Files.delete(secrets);
        get(worker.herder().restartTask(new ConnectorName(source).task(0)));

        String trace =
                Objects.requireNonNull(worker.awaitTask(source, 0, "FAILED").trace());
        assertThat(trace.lines().findFirst().orElseThrow())
                .contains("secret refers to key 'password' of '" + secrets + "'", "that failed");
        assertThat(CountingTask.SECRETS).containsEntry(source, "hunter2");
    }

    @Test
    void sinkWhoseTopicDoesNotExistIsToldWithTheNearest() {
        worker.create(source, counting(1));
        worker.values(topic, 1);
        Map<String, String> config = recording();
        config.put("topics", topic + "x");

        ConnectorInfo created = worker.create(sink, config);

        assertThat(created.warnings())
                .singleElement()
                .asString()
                .contains("There is no topic " + topic + "x;", "Did you mean " + topic);
        assertThat(get(worker.herder().info(new ConnectorName(sink))).warnings())
                .isEmpty();
    }

    @Test
    void restartOfConnectorAndTasksShowsWhatRestarts() {
        worker.create(source, counting(5));
        worker.awaitStates(source, "RUNNING", "RUNNING");

        var plan = get(worker.herder().restart(new ConnectorName(source), true, false))
                .orElseThrow();

        assertThat(plan.connector().state()).isEqualTo("RESTARTING");
        assertThat(plan.tasks().get(0).reported().state()).isEqualTo("RESTARTING");
        await().atMost(Duration.ofMinutes(2)).until(() -> CountingSource.starts(source) == 2);
        worker.awaitStates(source, "RUNNING", "RUNNING");
    }

    @Test
    void sinkTasksShareThePartitionsOfATopicThatTheSourceHadCreated() {
        Map<String, String> four = counting(100);
        four.put("tasks.max", "4");
        four.put("topic.creation.default.partitions", "4");
        four.put("topic.creation.default.replication.factor", "1");
        worker.create(source, four);
        // A consumer that comes before the topic would have it made with one partition.
        ConnectorName from = new ConnectorName(source);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> get(worker.herder().activeTopics(from)).contains(topic));
        Map<String, String> config = recording();
        config.put("tasks.max", "2");
        worker.create(sink, config);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 400);

        config.put("tasks.max", "3");
        worker.put(sink, config);
        worker.awaitStates(sink, "RUNNING", "RUNNING", "RUNNING", "RUNNING");
        four.put("count", "200");
        worker.put(source, four);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> RecordingSink.values(sink).size() >= 800);

        assertThat(RecordingSink.values(sink)).hasSize(800).containsAll(numbers(0, 200));
        ConnectorName name = new ConnectorName(sink);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> get(worker.herder().offsets(name)).size() > 1);
    }

    @Test
    void nullInAConfigFailsTheConnectorByName() {
        Map<String, @Nullable String> config = new HashMap<>(counting(1));
        config.put("name", source);
        config.put("hang.stop", null);
        get(worker.herder().createConnector(new ConnectorName(source), config, null));

        worker.awaitStates(source, "FAILED");
        assertThat(Objects.requireNonNull(worker.status(source)).connector().trace())
                .contains("hang.stop");
    }

    @Test
    void topicsInUseAreKnownUntilForgotten() {
        worker.create(source, counting(5));
        ConnectorName name = new ConnectorName(source);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> get(worker.herder().activeTopics(name)).contains(topic));

        get(worker.herder().resetActiveTopics(name));

        assertThat(get(worker.herder().activeTopics(name))).isEmpty();
    }

    @Test
    void pluginThatHangsInStopIsLeftBehind() {
        Map<String, String> config = counting(5);
        config.put("hang.stop", "yes");
        worker.create(source, config);
        worker.awaitStates(source, "RUNNING", "RUNNING");
        long startNanos = System.nanoTime();

        worker.close();

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(45));
    }
}
