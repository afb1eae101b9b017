/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.OfflineServices;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.threads.TaskThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.IllegalWorkerStateException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sink task may ask of its context, when it is called, and what becomes of its answers: as Kafka Connect's documentation has it. */
final class SinkContractTest {
    private static final TaskId ID = new ConnectorName("c").task(1);
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);
    /** The task is made by its class's name. One test runs at a time. */
    private static volatile Script current = new Script();

    @TempDir
    Path folder;

    private final Script script = new Script();
    private final Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
    private final Map<String, String> worker = new HashMap<>(Map.of(
            "bootstrap.servers", "localhost:1",
            "offset.flush.interval.ms", "86400000",
            "topic.tracking.enable", "false",
            "key.converter", "org.apache.kafka.connect.storage.StringConverter",
            "value.converter", "org.apache.kafka.connect.storage.StringConverter"));
    private final Map<String, @Nullable String> config = new HashMap<>(Map.of(
            "connector.class", RecordingSink.class.getName(), "task.class", Scripted.class.getName(), "topics", "t"));
    private final WorkerMeters meters = WorkerMeters.overJmx("sink-contract-test:0");
    private final AtomicLong passedNanos = new AtomicLong();
    private final TaskControl control = new TaskControl(false, new TaskThreads() {
        @Override
        public long nanoTime() {
            return System.nanoTime() + passedNanos.get();
        }
    });
    private final ScriptedConsumer consumer = new ScriptedConsumer(control::stop, script.calls::add);

    @BeforeEach
    void twoPartitionsHoldThreeRecordsEach() {
        current = script;
        consumer.holds(A, 3);
        consumer.holds(B, 3);
    }

    @AfterEach
    void close() {
        plugins.close();
        meters.close();
    }

    private void run() throws Exception {
        TaskServices services = OfflineServices.of(worker, plugins, new FlushThreads(), meters);
        Secrets secrets = services.secrets();
        try (secrets) {
            SinkLoops.open(
                            new TaskSpec(ID, ConnectorType.SINK, config, config),
                            control,
                            new Deaf(),
                            services,
                            meters.begin(ID, ConnectorType.SINK),
                            settings -> consumer)
                    .run();
        }
    }

    private SinkTaskContext context() {
        return script.context.orElseThrow();
    }

    // offset()

    @Test
    void aTaskThatGoesElsewhereAsItOpensIsGivenNothingFromBefore() throws Exception {
        script.onOpen.add(() -> context().offset(A, 2));
        consumer.thenHas(A);

        run();

        assertThat(script.puts()).containsExactly("t-0: 2");
    }

    @Test
    void whatATaskAsksForInStartHoldsForEachPartitionWhenItComesFirst() throws Exception {
        consumer.holds(A, 2);
        script.onStart = () -> context().offset(Map.of(A, 2L, B, 2L));
        consumer.thenPolls(1).thenHas(A).thenHas(A, B).thenHasAgain(A, B).then(() -> consumer.holds(A, 3));

        run();

        assertThat(script.puts()).containsExactly("t-1: 2", "t-0: 2");
    }

    /** Somebody else may have had them, and gone on. */
    @Test
    void whatATaskAsksForInStartIsForgottenOfPartitionsThatComeAfterItsFirstRecords() throws Exception {
        script.onStart = () -> context().offset(Map.of(A, 1L, B, 2L));
        consumer.thenHas(A).thenPolls(1).then(() -> consumer.holds(A, 4)).thenHas(A, B);

        try (LoggedLines log = LoggedLines.of(SinkLoop.class)) {
            run();

            assertThat(log.texts())
                    .filteredOn(line -> line.contains("asked in start()"))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("partitions=\"[t-1]\"");
        }
        assertThat(script.puts()).containsExactly("t-0: 1 2", "t-0: 3", "t-1: 0 1 2");
    }

    @Test
    void recordsThatATaskRefusesAreNotYetItsFirst() throws Exception {
        script.onStart = () -> context().offset(Map.of(A, 1L, B, 2L));
        script.onPut.add(() -> {
            throw new RetriableException("not now");
        });
        consumer.thenHas(A).thenHas(A, B).thenPolls(1);

        run();

        assertThat(script.puts()).containsExactly("t-0: 1 2", "t-0: 1 2", "t-1: 2");
    }

    @Test
    void whatATaskAsksForAsItOpensHoldsBeforeWhatItAskedForInStart() throws Exception {
        script.onStart = () -> context().offset(Map.of(A, 2L));
        script.onOpen.add(() -> context().offset(A, 1));
        consumer.thenHas(A);

        run();

        assertThat(script.puts()).containsExactly("t-0: 1 2");
    }

    @Test
    void aTaskGoesBackInOnePartitionAndOnInTheOther() throws Exception {
        script.onPut.add(() -> context().offset(A, 1));
        consumer.thenHas(A, B).thenPolls(1).then(() -> consumer.holds(B, 5));

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-1: 0 1 2", "t-0: 1 2", "t-1: 3 4");
    }

    @Test
    void aTaskThatRefusesRecordsAndGoesBackIsGivenThemAgainFirst() throws Exception {
        script.onPut.add(() -> {
            context().offset(A, 1);
            throw new RetriableException("not now");
        });
        consumer.thenHas(A).thenPolls(2);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-0: 0 1 2", "t-0: 1 2");
    }

    @Test
    void goingOnFromNoOffsetOrElsewhereThanInAPartitionOfItsOwnIsNoFailure() throws Exception {
        Map<TopicPartition, @Nullable Long> wishes = new HashMap<>();
        wishes.put(A, null);
        wishes.put(B, 1L);
        script.onPut.add(() -> offset(wishes));
        consumer.thenHas(A).thenPolls(1).thenHas(A, B);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-1: 0 1 2");
    }

    @SuppressWarnings("NullAway") // Kafka Connect takes null for no wish.
    private void offset(Map<TopicPartition, @Nullable Long> wishes) {
        context().offset(wishes);
    }

    @Test
    void aTaskThatCannotFlushGoesBackToWhereItAskedToGoAndNotToWhatIsCommitted() throws Exception {
        script.onPut.add(() -> context().requestCommit());
        script.onPut.add(this::flushFails);
        consumer.thenHas(A)
                .then(() -> context().offset(A, 1))
                .thenPolls(1)
                .then(() -> script.answer = UnaryOperator.identity());

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-0: 1 2", "t-0: 1 2");
    }

    @Test
    void anAnswerToAnEarlierCommitDoesNotChangeWhereItAskedToGo() throws Exception {
        consumer.hold();
        script.onPut.add(() -> context().requestCommit());
        script.onPut.add(() -> {
            consumer.answer();
            flushFails();
        });
        consumer.thenHas(A)
                .then(() -> context().offset(A, 1))
                .thenPolls(1)
                .then(() -> script.answer = UnaryOperator.identity());

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-0: 1 2", "t-0: 1 2");
    }

    /** The commit before the step back was of as much. */
    @Test
    void aTaskThatHasAgreedAgainToWhatIsCommittedGoesBackThereAndNotToWhereItAskedToGo() throws Exception {
        script.onPut.add(() -> context().requestCommit());
        script.onPut.add(() -> context().requestCommit());
        script.onPut.add(this::flushFails);
        consumer.thenHas(A)
                .then(() -> context().offset(A, 1))
                .thenPolls(1)
                .then(() -> consumer.holds(A, 5))
                .thenPolls(1)
                .then(() -> script.answer = UnaryOperator.identity());

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-0: 1 2", "t-0: 3 4", "t-0: 3 4");
    }

    private void flushFails() {
        context().requestCommit();
        script.answer = offsets -> {
            throw new ConnectException("cannot flush");
        };
    }

    // timeout()

    @Test
    void recordsThatAreRefusedComeAgainAfterTheTimeThatTheTaskSays() throws Exception {
        script.onPut.add(() -> {
            context().timeout(1_234);
            throw new RetriableException("not now");
        });
        consumer.thenHas(A).thenPolls(1);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-0: 0 1 2");
        assertThat(consumer.waits().get(1)).isEqualTo(Duration.ofMillis(1_234));
        assertThat(consumer.waits().get(2)).as("it holds once").isGreaterThan(Duration.ofMinutes(1));
    }

    @Test
    void theTimeHoldsAlsoIfTheTaskAsksForACommitWithIt() throws Exception {
        script.onPut.add(() -> {
            context().timeout(1_234);
            context().requestCommit();
        });
        consumer.thenHas(A).thenPolls(1);

        run();

        assertThat(consumer.waits().get(1)).isEqualTo(Duration.ofMillis(1_234));
    }

    /** A commit that has no answer is waited for five seconds here, but not at the task's expense. */
    @Test
    void theTimeHoldsAlsoIfItIsLongerThanACommitMayTake() throws Exception {
        script.onPut.add(() -> {
            context().timeout(60_000);
            context().requestCommit();
        });
        consumer.hold();
        consumer.thenHas(A).thenPolls(1);

        run();

        assertThat(consumer.waits().get(1)).isEqualTo(Duration.ofMinutes(1));
    }

    // pause() and resume()

    @Test
    void aPausedPartitionBringsNothingUntilItIsResumed() throws Exception {
        script.onPut.add(() -> context().pause(A));
        consumer.thenHas(A, B)
                .then(this::twoMoreEach)
                .then(() -> context().resume(A))
                .thenPolls(1);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-1: 0 1 2", "t-1: 3 4", "t-0: 3 4");
    }

    @Test
    void aPartitionThatIsPausedAsItOpensBringsNothing() throws Exception {
        script.onOpen.add(() -> context().pause(A));
        consumer.thenHas(A, B);

        run();

        assertThat(script.puts()).containsExactly("t-1: 0 1 2");
    }

    @Test
    void aPausedPartitionStaysSoIfARebalanceGivesItBackAtOnce() throws Exception {
        script.onPut.add(() -> context().pause(A));
        consumer.thenHas(A, B).then(this::twoMoreEach).thenHasAgain(A, B).thenPolls(1);

        run();

        assertThat(script.puts()).doesNotContain("t-0: 3 4").contains("t-1: 3 4");
    }

    @Test
    void aPausedPartitionThatSomebodyElseHadIsReadAgain() throws Exception {
        script.onPut.add(() -> context().pause(A));
        consumer.holds(B, 0);
        consumer.thenHas(A, B)
                .then(this::twoMoreEach)
                .thenHasAgain(B)
                .thenHas(A, B)
                .thenPolls(1);

        run();

        assertThat(script.puts()).contains("t-0: 3 4");
    }

    @Test
    void whatTheTaskHasPausedStaysSoWhenItsConnectorGoesOn() throws Exception {
        script.onPut.add(() -> context().pause(A));
        consumer.thenHas(A, B)
                .then(() -> control.pause(true))
                .then(this::twoMoreEach)
                .then(() -> control.pause(false))
                .thenPolls(1);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-1: 0 1 2", "t-1: 3 4");
    }

    @Test
    void aTaskMayPauseAndResumeWhileItsConnectorIsPaused() throws Exception {
        script.onPut.add(() -> context().pause(B));
        consumer.thenHas(A, B)
                .then(() -> control.pause(true))
                .then(this::twoMoreEach)
                .then(() -> context().pause(A))
                .then(() -> context().resume(B))
                .then(() -> control.pause(false))
                .thenPolls(1);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-1: 0 1 2", "t-1: 3 4");
    }

    @Test
    void aPausedConnectorIsGivenNothingOfPartitionsThatCome() throws Exception {
        control.pause(true);
        consumer.thenPolls(1)
                .thenHas(A)
                .thenHas(A, B)
                .then(() -> control.pause(false))
                .thenPolls(1);

        run();

        assertThat(script.calls.indexOf("put t-0: 0 1 2"))
                .as("all at once, when it goes on: %s", script.calls)
                .isGreaterThan(script.calls.indexOf("open t-1"));
    }

    @Test
    void recordsThatWaitToBePutAgainAreNotFollowedByThoseOfPartitionsThatCome() throws Exception {
        RuntimeException notNow = new RetriableException("not now");
        for (int put = 0; put < 2; put++) {
            script.onPut.add(() -> {
                throw notNow;
            });
        }
        consumer.thenHas(A).thenHas(A, B).thenPolls(2);

        run();

        assertThat(script.puts()).containsExactly("t-0: 0 1 2", "t-0: 0 1 2", "t-0: 0 1 2", "t-1: 0 1 2");
    }

    @Test
    void onlyPartitionsOfItsOwnCanBePausedOrResumed() throws Exception {
        consumer.thenHas(A).then(() -> {
            assertThatThrownBy(() -> context().pause(B))
                    .isInstanceOf(IllegalWorkerStateException.class)
                    .hasMessageContaining("t-1");
            assertThatThrownBy(() -> context().resume(B)).isInstanceOf(IllegalWorkerStateException.class);
            script.calls.add("refused");
        });

        run();

        assertThat(script.calls).contains("refused");
    }

    private void twoMoreEach() {
        consumer.holds(A, 5);
        consumer.holds(B, 5);
    }

    // requestCommit() and preCommit()

    @Test
    void aCommitThatIsAskedForDoesNotWaitForItsInterval() throws Exception {
        script.onPut.add(() -> context().requestCommit());
        consumer.thenHas(A).then(() -> script.calls.add("next poll"));

        run();

        assertThat(script.calls)
                .containsSubsequence("put t-0: 0 1 2", "preCommit {t-0=3}", "commit {t-0=3}", "next poll");
    }

    /** The interval of commits, for which a poll may wait, is a day here. */
    @Test
    void aCommitThatIsNotAnsweredIsToldWhenItsTimeIsOverAndNotWithTheNextCommit() throws Exception {
        worker.put("offset.flush.timeout.ms", "3600000");
        script.onPut.add(() -> context().requestCommit());
        consumer.hold();
        consumer.thenHas(A)
                .then(() -> passedNanos.addAndGet(Duration.ofHours(1).toNanos()))
                .thenPolls(1);

        try (LoggedLines lines = LoggedLines.of(CommitWatch.class)) {
            run();

            assertThat(lines.texts()).singleElement().asString().contains("3600000");
        }
        assertThat(consumer.waits().get(1)).isLessThanOrEqualTo(Duration.ofHours(1));
        assertThat(consumer.waits().get(2)).isGreaterThan(Duration.ofHours(1));
    }

    @Test
    void withoutAskingNothingIsCommittedBeforeTheEnd() throws Exception {
        consumer.thenHas(A).thenPolls(2).then(() -> script.calls.add("last poll"));

        run();

        assertThat(script.calls).containsSubsequence("last poll", "preCommit {t-0=3}", "close t-0", "commit {t-0=3}");
        assertThat(script.calls).filteredOn(call -> call.startsWith("commit")).hasSize(1);
    }

    @Test
    void onlyWhatTheTaskAgreesToIsCommitted() throws Exception {
        script.onPut.add(() -> context().requestCommit());
        script.answer = offsets -> Map.of(A, new OffsetAndMetadata(2));
        consumer.thenHas(A, B).thenPolls(1);

        run();

        assertThat(script.calls).contains("preCommit {t-0=3, t-1=3}", "commit {t-0=2}");
        assertThat(script.calls).filteredOn(call -> call.startsWith("commit")).hasSize(1);
    }

    @Test
    void aTaskThatAgreesToNothingCommitsNothing() throws Exception {
        script.onPut.add(() -> context().requestCommit());
        script.answer = offsets -> Map.of();
        consumer.thenHas(A).thenPolls(1);

        run();

        assertThat(script.calls).contains("preCommit {t-0=3}").noneMatch(call -> call.startsWith("commit"));
    }

    @Test
    void whatWasNeverPutIsNotCommittedWhateverTheTaskSays() throws Exception {
        script.onPut.add(() -> context().requestCommit());
        script.answer = offsets -> Map.of(A, new OffsetAndMetadata(4), B, new OffsetAndMetadata(1));
        consumer.thenHas(A).thenPolls(1);

        run();

        assertThat(script.calls).contains("preCommit {t-0=3}").noneMatch(call -> call.startsWith("commit"));
    }

    @Test
    void aCommitThatIsAskedForWithAStepBackIsOfWhatWasPutBeforeIt() throws Exception {
        script.onPut.add(() -> {
            context().offset(A, 1);
            context().requestCommit();
        });
        consumer.thenHas(A).thenPolls(1);

        run();

        assertThat(script.calls).containsSubsequence("preCommit {t-0=3}", "commit {t-0=3}", "put t-0: 1 2");
    }

    // open(), close(), assignment()

    @Test
    void whatGoesIsClosedAndCommittedBeforeWhatComesIsOpened() throws Exception {
        consumer.thenHas(A).thenHas(B);

        run();

        assertThat(script.calls)
                .containsExactly(
                        "start",
                        "open t-0",
                        "put t-0: 0 1 2",
                        "preCommit {t-0=3}",
                        "close t-0",
                        "commit {t-0=3}",
                        "open t-1",
                        "put t-1: 0 1 2",
                        "preCommit {t-1=3}",
                        "close t-1",
                        "commit {t-1=3}",
                        "stop");
    }

    /** By a PUT that pauses its connector, for one. */
    @Test
    void partitionsAreOpenedBeforeTheyAreReadAlsoIfTheTaskIsWokenUpMeanwhile() throws Exception {
        consumer.thenHasButIsWokenUp(A, B);

        run();

        assertThat(script.calls)
                .containsExactly(
                        "start",
                        "open t-0 t-1",
                        "put t-0: 0 1 2",
                        "put t-1: 0 1 2",
                        "preCommit {t-0=3, t-1=3}",
                        "close t-0 t-1",
                        "commit {t-0=3, t-1=3}",
                        "stop");
    }

    @Test
    void partitionsAreOpenedOnceAlsoIfTheConsumerTellsOfMoreMeanwhile() throws Exception {
        consumer.thenHas(A).thenHasButIsWokenUp(A, B).thenPolls(1);

        run();

        assertThat(script.calls)
                .filteredOn(call -> call.startsWith("open") || call.startsWith("commit"))
                .containsExactly("open t-0", "open t-1", "commit {t-0=3, t-1=3}");
    }

    @Test
    void whatStaysIsNeitherClosedNorOpenedAgain() throws Exception {
        consumer.thenHas(A, B).thenHas(A).thenHas(A, B);

        run();

        assertThat(script.calls)
                .filteredOn(call -> call.startsWith("open") || call.startsWith("close"))
                .containsExactly("open t-0 t-1", "close t-1", "open t-1", "close t-0 t-1");
    }

    @Test
    void aTaskKnowsItsPartitionsFromOpenToClose() throws Exception {
        script.showsAssignment = true;
        consumer.thenHas(A).thenHas(A, B).thenHas(B);

        run();

        assertThat(script.calls)
                .filteredOn(call -> call.startsWith("has"))
                .containsExactly(
                        "has none in start",
                        "has t-0 in open t-0",
                        "has t-0 t-1 in open t-1",
                        "has t-0 t-1 in close t-0",
                        "has t-1 in close t-1");
    }

    // configs()

    @Test
    void theConfigThatATaskAsksForHasWhatTheProvidersSayNow() throws Exception {
        Path file = Files.writeString(folder.resolve("secret.properties"), "password=first");
        worker.put("config.providers", "file");
        worker.put("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
        config.put("password", "${file:" + file + ":password}");
        consumer.then(() -> script.calls.add("password " + context().configs().get("password")))
                .then(() -> write(file, "password=second"))
                .then(() -> script.calls.add("password " + context().configs().get("password")));

        run();

        assertThat(script.calls).contains("password first", "password second");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the task does, each of the queues' entries once, and what it was called with. */
    private static final class Script {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final Deque<Runnable> onOpen = new ArrayDeque<>();
        private final Deque<Runnable> onPut = new ArrayDeque<>();
        private Runnable onStart = () -> {};
        private UnaryOperator<Map<TopicPartition, OffsetAndMetadata>> answer = UnaryOperator.identity();
        private Optional<SinkTaskContext> context = Optional.empty();
        private boolean showsAssignment;

        /** The records of each put that brought some, by partition. */
        private List<String> puts() {
            return calls.stream()
                    .filter(call -> call.startsWith("put "))
                    .map(call -> call.substring("put ".length()))
                    .toList();
        }

        private static void next(Deque<Runnable> wishes) {
            if (!wishes.isEmpty()) {
                wishes.remove().run();
            }
        }

        private void called(String call, Collection<TopicPartition> partitions) {
            String all = names(partitions);
            calls.add(call + " " + all);
            tellAssignment(call + " " + all);
        }

        private void tellAssignment(String call) {
            if (showsAssignment) {
                String has = names(context.orElseThrow().assignment());
                calls.add("has " + (has.isEmpty() ? "none" : has) + " in " + call);
            }
        }

        private static String names(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::toString).sorted().collect(Collectors.joining(" "));
        }
    }

    /** Does what the script says. */
    public static final class Scripted extends SinkTask {
        private final Script script = current;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> props) {
            script.context = Optional.of(context);
            script.calls.add("start");
            script.tellAssignment("start");
            script.onStart.run();
        }

        @Override
        public void open(Collection<TopicPartition> partitions) {
            script.called("open", partitions);
            Script.next(script.onOpen);
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            Map<TopicPartition, String> offsets = new HashMap<>();
            records.forEach(record -> offsets.merge(
                    new TopicPartition(record.topic(), record.kafkaPartition()),
                    " " + record.kafkaOffset(),
                    String::concat));
            Consumer<TopicPartition> tell =
                    partition -> script.calls.add("put " + partition + ":" + offsets.get(partition));
            List.of(A, B).stream().filter(offsets::containsKey).forEach(tell);
            if (!records.isEmpty()) {
                Script.next(script.onPut);
            }
        }

        @Override
        public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            Map<TopicPartition, Long> plain = new TreeMap<>(Comparator.comparing(TopicPartition::toString));
            offsets.forEach((partition, offset) -> plain.put(partition, offset.offset()));
            script.calls.add("preCommit " + plain);
            return script.answer.apply(offsets);
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            script.called("close", partitions);
        }

        @Override
        public void stop() {
            script.calls.add("stop");
        }
    }

    private static final class Deaf implements TaskListener {
        @Override
        public void onResolved(Resolved resolved) {}

        @Override
        public void onRunning(@Nullable String version) {}

        @Override
        public void onReady() {}

        @Override
        public void onClosing() {}

        @Override
        public boolean onProbation() {
            return false;
        }

        @Override
        public void onWorked() {}

        @Override
        public void onPaused(@Nullable String version) {}
    }
}
