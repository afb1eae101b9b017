/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.connectors.ScriptedSource.ScriptedTask;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.threads.TaskThreads;
import io.levada.runtime.topics.TopicLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OffsetCommitTest {
    private final Script script = new Script("offset-commit");
    private final ScriptedTask task = new ScriptedTask();
    private final InFlight inFlight = new InFlight(10, TaskThreads.REAL);
    private final Answering log = new Answering();
    private final WorkerMeters meters = WorkerMeters.overJmx("offset-commit-test:0");
    private final OffsetCommit commit;

    OffsetCommitTest() {
        ConnectorName name = new ConnectorName("c");
        WorkerConfig worker = WorkerConfig.from(Map.of("bootstrap.servers", "localhost:1"));
        OffsetStore store = new OffsetStore();
        store.writeTo(log);
        OffsetStores stores = new OffsetStores(
                worker.topics().offsets(), store, new ClientConfigs(worker, new OverridePolicy.All(), "cluster-1"));
        TaskLog life = new TaskLog(name.task(0), Resolved.NOTHING);
        commit = new OffsetCommit(
                life,
                new PluginNotes(life, task),
                inFlight,
                stores.open(name, Map.of()),
                Duration.ofSeconds(60),
                meters.begin(name.task(0), ConnectorType.SOURCE),
                TaskThreads.REAL);
        task.start(Map.of("script", "offset-commit"));
        script.calls.clear();
    }

    @AfterEach
    void close() {
        meters.close();
    }

    /** A topic that answers as the test says; at once if it says nothing. */
    private static final class Answering implements TopicLog {
        private final List<String> values = new ArrayList<>();
        private final Deque<CompletableFuture<Void>> answers = new ArrayDeque<>();

        @Override
        public synchronized CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
            values.add(value == null ? "null" : new String(value, UTF_8));
            CompletableFuture<Void> answer = answers.poll();
            return answer == null ? CompletableFuture.completedFuture(null) : answer;
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private void arrives(int n) {
        inFlight.add(List.of(new SourceRecord(Map.of("p", 1), Map.of("n", n), "t", null, null)))
                .get(0)
                .acknowledge();
    }

    @Test
    void thePluginIsToldAlsoWhenThereWasNothingNew() throws InterruptedException {
        assertThat(commit.run()).isTrue();

        assertThat(script.calls).containsExactly("commit");
        assertThat(log.values).isEmpty();
    }

    @Test
    void offsetsThatCouldNotBeWrittenGoWithTheNextCommit() throws InterruptedException {
        arrives(1);
        log.answers.add(CompletableFuture.failedFuture(new RetriableException("no leader")));
        assertThat(commit.run()).isFalse();
        assertThat(script.calls).isEmpty();

        assertThat(commit.run()).isTrue();

        assertThat(log.values).containsExactly("{\"n\":1}", "{\"n\":1}");
        assertThat(script.calls).containsExactly("commit");
    }

    @Test
    void afterItWasCancelledNothingIsWrittenAndNobodyTold() throws InterruptedException {
        arrives(1);

        commit.cancel();

        assertThat(commit.run()).isFalse();
        assertThat(log.values).isEmpty();
        assertThat(script.calls).isEmpty();
    }

    @Test
    void aCancellationWaitsForNoCommitAndThePluginHearsOfNone()
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        log.answers.add(answer);
        arrives(1);
        CompletableFuture<Boolean> running = CompletableFuture.supplyAsync(() -> {
            try {
                return commit.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            synchronized (log) {
                return log.values.size() == 1;
            }
        });

        commit.cancel();
        answer.complete(null);

        assertThat(running.get(60, TimeUnit.SECONDS)).isFalse();
        assertThat(script.calls).isEmpty();
    }
}
