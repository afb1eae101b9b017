/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.peers.GroupBusyException;
import io.levada.runtime.topics.HeldBackLog;
import io.levada.runtime.topics.TopicLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of the task configs that a connector makes comes into the config topic, which answers late and not always. */
final class TaskConfigWritesTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");
    private static final List<Map<String, @Nullable String>> A = List.of(Map.of("table", "a"));
    private static final List<Map<String, @Nullable String>> C = List.of(Map.of("table", "c"));
    private static final List<Map<String, @Nullable String>> B = List.of(Map.of("table", "b"));

    private final ConfigStore store = new ConfigStore(new ConfigListener() {
        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onRestart(RestartRequest request) {}
    });
    private final HeldBackLog topic = new HeldBackLog(store);
    /** What the next writes fail with. */
    private final Deque<RuntimeException> refusals = new ArrayDeque<>();

    private final List<Duration> waits = new ArrayList<>();
    private final List<List<Map<String, @Nullable String>>> written = new ArrayList<>();
    private boolean current = true;
    /** How often nobody leads. */
    private int busy;
    /** Whether a wait is over at once, and not ever. */
    private boolean isOver = true;

    private Runnable whileWaiting = () -> {};

    private final Leadership leadership = new Leadership() {
        @Override
        public <T> CompletionStage<T> command(Supplier<CompletionStage<T>> here) {
            return here.get();
        }

        @Override
        public CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks) {
            written.add(tasks);
            if (busy > 0) {
                busy--;
                return CompletableFuture.failedFuture(GroupBusyException.noLeader());
            }
            return store.putTasks(name, tasks);
        }

        @Override
        public <T> CompletionStage<T> elsewhere(Supplier<Optional<String>> owner) {
            throw new AssertionError("nothing is restarted");
        }
    };

    private final TaskConfigWrites writes = new TaskConfigWrites(
            store::snapshot,
            leadership,
            new RestartPolicy(0, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(1)),
            Runnable::run,
            (delay, message) -> {
                waits.add(delay);
                whileWaiting.run();
                if (isOver) {
                    message.run();
                }
                return new CompletableFuture<>();
            });

    @BeforeEach
    void aConnectorWithTasks() {
        store.writeTo(new TopicLog() {
            @Override
            public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
                RuntimeException refusal = refusals.poll();
                return refusal == null ? topic.send(key, value) : CompletableFuture.failedFuture(refusal);
            }

            @Override
            public CompletionStage<Void> readToEnd() {
                return topic.readToEnd();
            }
        });
        CompletionStage<Void> unused = store.putConnector(ORDERS, Map.of("connector.class", "X"), null);
        topic.bringAll();
        assertThat(write(A)).isNotCompleted();
        topic.bringAll();
        assertThat(tasks()).isEqualTo(A);
        written.clear();
    }

    private CompletionStage<Void> write(List<Map<String, @Nullable String>> made) {
        return writes.write(ORDERS, made, () -> current);
    }

    private List<Map<String, @Nullable String>> tasks() {
        return store.snapshot().connector(ORDERS).orElseThrow().tasks();
    }

    @Test
    void whileNobodyLeadsTheyAreTriedAgainSoon() {
        busy = 3;

        CompletionStage<Void> answer = write(B);
        topic.bringAll();

        assertThat(answer).isCompleted();
        assertThat(waits).containsExactly(Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));
        assertThat(written).hasSize(4);
    }

    /** The group agrees anew whenever there is a new connector. */
    @Test
    void nobodyIsWarnedBeforeThatLasts() {
        try (LoggedLines log = LoggedLines.warningsOf(TaskConfigWrites.class)) {
            busy = 5;
            CompletionStage<Void> answer = write(B);
            topic.bringAll();
            assertThat(answer).isCompleted();
            assertThat(log.texts()).isEmpty();

            busy = 6;
            answer = write(A);
            topic.bringAll();
            assertThat(answer).isCompleted();
            assertThat(log.texts()).singleElement().asString().contains("trying again", "no known leader");
        }
    }

    @Test
    void whatIsTakenBackWhileItIsUnderWayIsTakenBack() {
        CompletionStage<Void> there = write(B);
        CompletionStage<Void> andBack = write(A);
        topic.bringAll();

        assertThat(there).isCompleted();
        assertThat(andBack).isCompleted();
        assertThat(tasks()).isEqualTo(A);
    }

    @Test
    void whatIsMadeAgainWhileItIsUnderWayIsWrittenOnce() {
        CompletionStage<Void> first = write(B);
        CompletionStage<Void> second = write(B);
        topic.bringAll();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(written).containsExactly(B);
    }

    @Test
    void whatWasMadeInALifeThatIsOverIsNotWritten() {
        CompletionStage<Void> first = write(B);
        CompletionStage<Void> second = write(A);
        current = false;
        topic.bringAll();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(tasks()).isEqualTo(B);
    }

    @Test
    void anOutageThatPassesIsNoFailure() {
        refusals.addAll(List.of(
                new TimeoutException("no answer"),
                new NotEnoughReplicasException("one of two"),
                new TimeoutException("no answer"),
                new TimeoutException("no answer")));

        CompletionStage<Void> answer = write(B);
        topic.bringAll();

        assertThat(answer).isCompleted();
        assertThat(tasks()).isEqualTo(B);
        assertThat(waits)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void noWaitIsLongerThanAMinute() {
        refusals.addAll(Collections.nCopies(9, new TimeoutException("no answer")));

        CompletionStage<Void> answer = write(B);
        topic.bringAll();

        assertThat(answer).isCompleted();
        assertThat(waits).last().isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatIsMadeMeanwhileDoesNotWaitForTheNextTryOfWhatItReplaces() {
        refusals.add(new TimeoutException("no answer"));
        isOver = false;
        CompletionStage<Void> first = write(B);
        CompletionStage<Void> second = write(C);
        topic.bringAll();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(tasks()).isEqualTo(C);
        assertThat(written).containsExactly(B, C);
    }

    @Test
    void whoIsNotThereAnyMoreIsNotWaitedFor() {
        refusals.add(new TimeoutException("no answer"));
        whileWaiting = () -> current = false;

        assertThat(write(B)).isCompleted();

        assertThat(tasks()).isEqualTo(A);
    }

    @Test
    void whatCanNeverBeWrittenIsAFailureAtOnceAndTheNextIsTaken() {
        for (RuntimeException refusal :
                List.of(new RecordTooLargeException("2 MB"), new TopicAuthorizationException("connect-configs"))) {
            refusals.add(refusal);

            assertThatThrownBy(() -> write(B).toCompletableFuture().join()).hasRootCauseInstanceOf(refusal.getClass());
        }
        assertThat(waits).isEmpty();

        CompletionStage<Void> next = write(B);
        topic.bringAll();
        assertThat(next).isCompleted();
    }
}
