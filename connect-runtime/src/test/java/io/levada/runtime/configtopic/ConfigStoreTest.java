/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.topics.InMemoryLog;
import io.levada.runtime.topics.TopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigStoreTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders-1");

    private final List<RestartRequest> restarts = new ArrayList<>();
    private final List<LevelRequest> levels = new ArrayList<>();
    private final ConfigStore store = new ConfigStore(new ConfigListener() {
        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onRestart(RestartRequest request) {
            restarts.add(request);
        }

        @Override
        public void onLevel(LevelRequest request) {
            levels.add(request);
        }
    });
    private final InMemoryLog log = new InMemoryLog(store);

    ConfigStoreTest() {
        store.writeTo(log);
    }

    private static Map<String, @Nullable String> config(String key, @Nullable String value) {
        Map<String, @Nullable String> config = new LinkedHashMap<>();
        config.put(key, value);
        return config;
    }

    @Test
    void recordsAreThoseOfKafkaConnectToTheByte() {
        store.putConnector(ORDERS, config("a", "ü"), TargetState.STOPPED);
        store.putTasks(ORDERS, List.of(config("b", null)));
        store.putTarget(ORDERS, TargetState.STARTED);
        store.putRestart(new RestartRequest(ORDERS, true, false));
        store.putLevel(new LevelRequest("org.acme", "DEBUG"));
        store.remove(ORDERS);

        assertThat(log.lines())
                .containsExactly(
                        "target-state-orders-1={\"state\":\"PAUSED\",\"state.v2\":\"STOPPED\"}",
                        "connector-orders-1={\"properties\":{\"a\":\"ü\"}}",
                        "task-orders-1-0={\"properties\":{\"b\":null}}",
                        "commit-orders-1={\"tasks\":1}",
                        "target-state-orders-1={\"state\":\"STARTED\",\"state.v2\":\"STARTED\"}",
                        "restart-connector-orders-1={\"include-tasks\":false,\"only-failed\":true}",
                        "logger-cluster-org.acme={\"level\":\"DEBUG\"}",
                        "connector-orders-1=null",
                        "target-state-orders-1=null",
                        "task-orders-1-0=null",
                        "commit-orders-1=null");
    }

    /** A topic that refuses some keys, and answers when it is told to. */
    private final class Gate implements TopicLog {
        private final Set<String> refused = new HashSet<>();
        /** Keys of records of which nobody hears in time whether they are written. */
        private final Set<String> silent = new HashSet<>();
        /** Those of them that are. */
        private final Set<String> writtenAllTheSame = new HashSet<>();

        private final List<CompletableFuture<Void>> answers = new ArrayList<>();
        private boolean late;
        private @Nullable CompletableFuture<Void> reads;

        @Override
        public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
            if (refused.contains(new String(key, UTF_8))) {
                return CompletableFuture.failedFuture(new RecordTooLargeException("too much."));
            }
            if (silent.contains(new String(key, UTF_8))) {
                if (writtenAllTheSame.contains(new String(key, UTF_8))) {
                    var unused = log.send(key, value);
                }
                return CompletableFuture.failedFuture(new TimeoutException("no answer."));
            }
            CompletionStage<Void> written = log.send(key, value);
            if (!late) {
                return written;
            }
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            return reads == null ? log.readToEnd() : reads;
        }

        /** All that is sent is answered, also what is sent because of an answer. */
        void answer() {
            while (!answers.isEmpty()) {
                answers.remove(0).complete(null);
            }
        }
    }

    private Gate gate() {
        Gate gate = new Gate();
        store.writeTo(gate);
        return gate;
    }

    private List<Map<String, @Nullable String>> tasksNow() {
        return store.snapshot().connector(ORDERS).orElseThrow().tasks();
    }

    @Test
    void aTaskConfigThatIsRefusedLeavesAllTasksAsTheyWere() {
        Gate gate = gate();
        store.putConnector(ORDERS, config("a", "1"), null);
        List<Map<String, @Nullable String>> old = List.of(config("t", "old"), config("t", "old"));
        List<Map<String, @Nullable String>> made = List.of(config("t", "new"), config("t", "new"));
        store.putTasks(ORDERS, old);

        gate.refused.add("task-orders-1-1");
        CompletionStage<Void> written = store.putTasks(ORDERS, made);

        assertThat(written)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ConnectException.class)
                .withMessageContaining("the config of task orders-1-1 (26 bytes)")
                .withMessageContaining("too much. Make it smaller, or raise max.request.size");
        assertThat(tasksNow()).isEqualTo(old);
        assertThat(log.lines()).filteredOn(line -> line.startsWith("commit-")).hasSize(1);

        gate.refused.clear();
        assertThat(store.putTasks(ORDERS, made)).isCompleted();
        assertThat(tasksNow()).isEqualTo(made);
    }

    @Test
    void taskConfigsCountOnlyWhenAllOfThemAreHeldAndOvertakeNoChangeThatCameLater() {
        Gate gate = gate();
        store.putConnector(ORDERS, config("a", "1"), null);
        gate.late = true;

        CompletionStage<Void> made = store.putTasks(ORDERS, List.of(config("t", "0"), config("t", "1")));
        CompletionStage<Void> stopped =
                store.putTarget(ORDERS, TargetState.STOPPED).thenCompose(done -> store.putTasks(ORDERS, List.of()));
        assertThat(log.lines()).last().asString().startsWith("task-orders-1-1=");
        gate.answer();

        assertThat(made).isCompleted();
        assertThat(stopped).isCompleted();
        assertThat(log.lines())
                .endsWith(
                        "commit-orders-1={\"tasks\":2}",
                        "target-state-orders-1={\"state\":\"PAUSED\",\"state.v2\":\"STOPPED\"}",
                        "commit-orders-1={\"tasks\":0}");
    }

    @Test
    void aConnectorWhoseConfigIsRefusedLeavesNoWishBehind() {
        Gate gate = gate();
        gate.refused.add("connector-orders-1");
        assertThat(store.putConnector(ORDERS, config("a", "1"), TargetState.STOPPED))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ConnectException.class)
                .withMessageContaining("the config of connector orders-1");

        gate.refused.clear();
        assertThat(store.putConnector(ORDERS, config("a", "1"), null)).isCompleted();

        assertThat(store.snapshot().connector(ORDERS).orElseThrow().target()).isEqualTo(TargetState.STARTED);
    }

    @Test
    void aConnectorIsThereWithItsWishWhereNobodyHeardThatItsConfigIsWritten() {
        Gate gate = gate();
        gate.silent.add("connector-orders-1");
        gate.writtenAllTheSame.add("connector-orders-1");

        assertThat(store.putConnector(ORDERS, config("a", "1"), TargetState.STOPPED))
                .isCompleted();

        assertThat(store.snapshot().connector(ORDERS).orElseThrow().target()).isEqualTo(TargetState.STOPPED);
    }

    @Test
    void theWishOfAConnectorWhoseConfigIsNotWrittenInTimeIsTakenBack() {
        Gate gate = gate();
        gate.silent.add("connector-orders-1");

        assertThat(store.putConnector(ORDERS, config("a", "1"), TargetState.STOPPED))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no answer.");

        assertThat(log.lines()).endsWith("target-state-orders-1=null");
    }

    @Test
    void aWishThatMayBeWrittenAlthoughNobodyHeardIsTakenBackWithTheConnector() {
        Gate gate = gate();
        gate.silent.add("target-state-orders-1");
        gate.writtenAllTheSame.add("target-state-orders-1");

        assertThat(store.putConnector(ORDERS, config("a", "1"), TargetState.STOPPED))
                .isCompletedExceptionally();

        assertThat(log.lines()).endsWith("target-state-orders-1=null");
    }

    /** As where a worker was ended between the records of a removal, and compaction has taken that of the connector. */
    @Test
    void aNewConnectorDoesNotBeginWithTheWishOfAnEarlierOneOfTheName() {
        log.written("target-state-orders-1", "{\"state\":\"PAUSED\"}");

        assertThat(store.putConnector(ORDERS, config("a", "1"), null)).isCompleted();

        assertThat(log.lines())
                .endsWith("target-state-orders-1=null", "connector-orders-1={\"properties\":{\"a\":\"1\"}}");
        assertThat(store.snapshot().connector(ORDERS).orElseThrow().target()).isEqualTo(TargetState.STARTED);
    }

    @Test
    void aWishThatCouldNotBeTakenBackIsRemovedBeforeAConnectorOfTheNameIsMade() {
        Gate gate = gate();
        gate.silent.addAll(Set.of("connector-orders-1", "target-state-orders-1"));
        log.written("target-state-orders-1", "{\"state\":\"STOPPED\"}");
        assertThat(store.putConnector(ORDERS, config("a", "1"), TargetState.STOPPED))
                .isCompletedExceptionally();

        gate.silent.clear();
        assertThat(store.putConnector(ORDERS, config("a", "1"), null)).isCompleted();

        assertThat(store.snapshot().connector(ORDERS).orElseThrow().target()).isEqualTo(TargetState.STARTED);
    }

    @Test
    void theWishOfAConnectorThatWasThereBeforeIsPutBack() {
        Gate gate = gate();
        store.putConnector(ORDERS, config("a", "1"), TargetState.PAUSED);
        gate.refused.add("connector-orders-1");

        assertThat(store.putConnector(ORDERS, config("a", "2"), TargetState.STOPPED))
                .isCompletedExceptionally();

        assertThat(store.snapshot().connector(ORDERS).orElseThrow().target()).isEqualTo(TargetState.PAUSED);
    }

    @Test
    void aRemovalOfWhichNobodyHeardGoesOnWhereTheTopicHasIt() {
        Gate gate = gate();
        store.putConnector(ORDERS, config("a", "1"), TargetState.PAUSED);
        store.putTasks(ORDERS, List.of(config("t", "0")));
        gate.silent.add("connector-orders-1");
        gate.writtenAllTheSame.add("connector-orders-1");

        assertThat(store.remove(ORDERS)).isCompleted();

        assertThat(log.lines()).endsWith("target-state-orders-1=null", "task-orders-1-0=null", "commit-orders-1=null");
    }

    @Test
    void whatARemovalCouldNotRemoveIsRemovedBeforeAConnectorOfTheNameIsMade() {
        Gate gate = gate();
        store.putConnector(ORDERS, config("a", "1"), TargetState.PAUSED);
        store.putTasks(ORDERS, List.of(config("t", "0")));
        gate.refused.addAll(Set.of("target-state-orders-1", "task-orders-1-0"));
        assertThat(store.remove(ORDERS)).isCompletedExceptionally();
        assertThat(store.putConnector(ORDERS, config("a", "2"), null)).isCompletedExceptionally();

        gate.refused.clear();
        assertThat(store.putConnector(ORDERS, config("a", "2"), null)).isCompleted();

        assertThat(log.lines())
                .endsWith(
                        "target-state-orders-1=null",
                        "task-orders-1-0=null",
                        "commit-orders-1=null",
                        "connector-orders-1={\"properties\":{\"a\":\"2\"}}");
    }

    @Test
    void aChangeBeginsOnceTheOneBeforeHasComeBack() {
        Gate gate = gate();
        CompletableFuture<Void> read = new CompletableFuture<>();
        gate.reads = read;
        store.putConnector(ORDERS, config("a", "1"), null);
        store.putTarget(ORDERS, TargetState.PAUSED);
        assertThat(log.lines()).last().asString().startsWith("connector-orders-1=");

        read.complete(null);

        assertThat(log.lines()).last().asString().startsWith("target-state-orders-1={");
    }

    @Test
    void moreTasksThanAnybodyReadsAreNotWritten() {
        store.putConnector(ORDERS, config("a", "1"), null);

        assertThat(store.putTasks(ORDERS, Collections.nCopies(10_001, config("t", "0"))))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining(
                        "Connector orders-1 wants 10001 tasks, and can have 10000 at most. Set tasks.max");

        assertThat(log.lines()).noneMatch(line -> line.startsWith("task-"));
    }

    @Test
    void numbersOfTasksThatNobodyHasArePassedOver() {
        log.written("connector-c", "{\"properties\":{}}");
        log.written("commit-c", "{\"tasks\":2147483647}");
        log.written("tasks-fencing-c", "{\"task-count\":2147483647}");
        log.written("task-c-2147483647", "{\"properties\":{}}");

        assertThat(store.snapshot().taskCounts()).isEmpty();
        assertThat(store.snapshot().pendingFencing()).isEmpty();
    }

    @Test
    void aConnectorWhoseWishIsRefusedIsNotMade() {
        gate().refused.add("target-state-orders-1");

        assertThat(store.putConnector(ORDERS, config("a", "1"), TargetState.STOPPED))
                .isCompletedExceptionally();

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aRemovalThatIsRefusedLeavesTheConnectorWhole() {
        Gate gate = gate();
        store.putConnector(ORDERS, config("a", "1"), TargetState.PAUSED);
        store.putTasks(ORDERS, List.of(config("t", "0")));
        ClusterConfig before = store.snapshot();

        gate.refused.add("connector-orders-1");
        assertThat(store.remove(ORDERS)).isCompletedExceptionally();

        assertThat(store.snapshot()).isEqualTo(before);
    }

    @Test
    void fencingIsPendingFromNewTaskConfigsUntilTheirNumberIsNoted() {
        store.putTasks(ORDERS, List.of(config("b", "1"), config("b", "2")));
        assertThat(store.snapshot().pendingFencing()).containsExactly(ORDERS);

        store.putTaskCount(ORDERS, 2);

        assertThat(store.snapshot().pendingFencing()).isEmpty();
        assertThat(log.lines()).endsWith("tasks-fencing-orders-1={\"task-count\":2}");
        store.putTasks(ORDERS, List.of(config("b", "1")));
        assertThat(store.snapshot().pendingFencing()).containsExactly(ORDERS);
        store.remove(ORDERS);
        // Its tasks may still be there somewhere, and a connector of the same name has to fence them.
        assertThat(store.snapshot().taskCounts()).isEqualTo(Map.of(ORDERS, 2));
        assertThat(store.snapshot().pendingFencing()).isEmpty();
    }

    @Test
    void apachesConverterReadsWhatIsWritten() throws Exception {
        store.putConnector(ORDERS, config("connector.class", "X"), null);

        Converter json = ApacheJson.converter();
        json.configure(Map.of("schemas.enable", "false"), false);
        assertThat(json.toConnectData("configs", log.lastValue()).value())
                .isEqualTo(Map.of("properties", Map.of("connector.class", "X")));
    }

    @Test
    void levelsAreHeardOfThatAreWrittenWhileTheWorkerRuns() {
        log.written("logger-cluster-org.old", "{\"level\":\"TRACE\"}");
        store.caughtUp();
        log.written("logger-cluster-org.acme", "{\"level\":\"WARN\"}");
        log.written("logger-cluster-org.acme", "{\"level\":7}");
        log.written("logger-cluster-root", "{\"level\":\"INFO\",\"more\":1}");

        assertThat(levels).containsExactly(new LevelRequest("org.acme", "WARN"), new LevelRequest("root", "INFO"));
    }

    @Test
    void tasksCountOnceTheyAreCommitted() {
        log.written("connector-c", "{\"properties\":{\"x\":\"1\"}}");
        log.written("task-c-0", "{\"properties\":{\"n\":\"0\"}}");
        assertThat(store.snapshot().tasks(new ConnectorName("c"))).isEmpty();

        log.written("commit-c", "{\"tasks\":1}");

        assertThat(store.snapshot().tasks(new ConnectorName("c"))).containsExactly(new ConnectorName("c").task(0));
    }

    @Test
    void tasksBeforeTheirConnectorAreKept() {
        log.written("task-c-0", "{\"properties\":{\"n\":\"0\"}}");
        log.written("commit-c", "{\"tasks\":1}");
        log.written("connector-c", "{\"properties\":{\"x\":\"1\"}}");

        ClusterConfig.Entry entry =
                store.snapshot().connector(new ConnectorName("c")).orElseThrow();
        assertThat(entry.tasks()).hasSize(1);
        // What they were made of is gone; they run with this one, and a later one counts once it has made tasks.
        assertThat(entry.appliedConfig()).isEqualTo(Map.of("x", "1"));
        log.written("connector-c", "{\"properties\":{\"x\":\"2\"}}");
        assertThat(store.snapshot()
                        .connector(new ConnectorName("c"))
                        .orElseThrow()
                        .appliedConfig())
                .isEqualTo(Map.of("x", "1"));
    }

    @Test
    void commitOfTasksThatAreGoneLeavesNone() {
        log.written("connector-c", "{\"properties\":{\"x\":\"1\"}}");
        log.written("task-c-1", "{\"properties\":{\"n\":\"1\"}}");
        log.written("commit-c", "{\"task-count\":2}");

        assertThat(store.snapshot()
                        .connector(new ConnectorName("c"))
                        .orElseThrow()
                        .tasks())
                .isEmpty();
    }

    @Test
    void nonsenseIsSkippedAndTheOthersGoOn() {
        log.written("connector-a", "{\"properties\":{\"x\":\"1\"");
        log.written("connector-b", "{\"properties\":7}");
        log.written("commit-d", "{\"tasks\":-1}");
        log.written("target-state-d", "{\"state\":\"DANCING\"}");
        log.written("task-nonumber", "{\"properties\":{}}");
        log.written("session-key", "{\"key\":\"c2VjcmV0\",\"algorithm\":\"HmacSHA256\",\"creation-timestamp\":1}");
        log.written("something-new", "???");
        log.written("connector-d", "{\"properties\":{\"x\":\"1\"}}");

        assertThat(store.snapshot().connectors()).containsOnlyKeys(new ConnectorName("d"));
    }

    @Test
    void targetStatesOfOlderWorkersAreUnderstood() {
        log.written("connector-c", "{\"properties\":{}}");
        log.written("target-state-c", "{\"state\":\"PAUSED\"}");

        assertThat(store.snapshot()
                        .connector(new ConnectorName("c"))
                        .orElseThrow()
                        .target())
                .isEqualTo(TargetState.PAUSED);
    }

    @Test
    void restartRequestsFromBeforeTheStartAreHistory() {
        log.written("restart-connector-c", "{\"include-tasks\":true,\"only-failed\":false}");
        store.caughtUp();
        assertThat(restarts).isEmpty();

        log.written("restart-connector-c", "{\"include-tasks\":true,\"only-failed\":false}");

        assertThat(restarts).containsExactly(new RestartRequest(new ConnectorName("c"), false, true));
    }

    /** Session keys, fencing counts, levels of loggers and what later versions add belong to others. */
    @Test
    void whatOthersKeepInTheTopicIsNeverWritten() {
        List<String> others = List.of(
                "session-key={\"key\":\"c2VjcmV0\",\"algorithm\":\"HmacSHA256\",\"creation-timestamp\":1}",
                "tasks-fencing-orders-1={\"task-count\":2}",
                "logger-cluster-root={\"level\":\"DEBUG\"}",
                "something-new-orders-1=???");
        others.forEach(
                line -> log.written(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));

        store.putConnector(ORDERS, config("a", "b"), TargetState.PAUSED);
        store.putTasks(ORDERS, List.of(config("c", "d")));
        store.putTarget(ORDERS, TargetState.STARTED);
        store.remove(ORDERS);

        assertThat(log.lines()).filteredOn(others::contains).isEqualTo(others);
        assertThat(log.lines().subList(others.size(), log.lines().size()))
                .allSatisfy(line -> assertThat(line).matches("(connector|task|commit|target-state)-orders-1(-0)?=.*"));
    }

    @Test
    void namesWithDashesFindTheirTasks() {
        assertThat(ConfigKeys.taskOf("task-a-b-12")).contains(new ConnectorName("a-b").task(12));
        assertThat(ConfigKeys.taskOf("task-a-")).isEmpty();
        assertThat(new String(ConfigValues.commit(3), UTF_8)).isEqualTo("{\"tasks\":3}");
    }
}
