/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.State;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.OfflineServices;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one life of a task says of itself, however it begins and ends. */
final class TaskHostTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final WorkerMeters meters = WorkerMeters.overJmx("task-host-test:" + NUMBER.incrementAndGet());
    private final FlushThreads flusher = new FlushThreads();
    /** The threads that its owner has started, by their names. */
    private final List<String> started = new CopyOnWriteArrayList<>();

    private final TaskControl control = new TaskControl(false, new TaskThreads() {
        @Override
        public Thread start(String name, Runnable work) {
            started.add(name);
            return TaskThreads.super.start(name, work);
        }
    });
    /** What the owner hears, in order. */
    private final List<String> heard = new CopyOnWriteArrayList<>();
    /** What the loop is told by other threads than its own, and by which. */
    private final List<String> calls = new CopyOnWriteArrayList<>();
    /** What it is reached by before it hangs. */
    private final CountDownLatch hanging = new CountDownLatch(1);

    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean interrupted;
    private volatile @Nullable RuntimeException failsWhenAbandoned;

    @AfterEach
    void close() {
        released.countDown();
        flusher.close();
        meters.close();
    }

    /** What a loop does on the task's thread. */
    @FunctionalInterface
    private interface Work {
        void run(TaskListener listener) throws Exception;
    }

    private final class Loop implements TaskLoop {
        private final TaskListener listener;
        private final Work work;

        private Loop(TaskListener listener, Work work) {
            this.listener = listener;
            this.work = work;
        }

        @Override
        public String version() {
            return "7";
        }

        @Override
        public void run() throws Exception {
            work.run(listener);
        }

        @Override
        public void signalStop() {
            calls.add("signal by " + Thread.currentThread().getName());
        }

        @Override
        public void fence() {
            calls.add("fence by " + Thread.currentThread().getName());
        }

        @Override
        public void abandon() {
            calls.add("abandon by " + Thread.currentThread().getName());
            RuntimeException failure = failsWhenAbandoned;
            if (failure != null) {
                throw failure;
            }
        }
    }

    private final class Heard implements HostEvents {
        @Override
        public boolean onProbation() {
            return false;
        }

        @Override
        public void onState(State state, @Nullable String version) {
            heard.add(state + " " + version);
        }

        @Override
        public void onReady() {
            heard.add("ready");
        }

        @Override
        public void onClosing() {
            heard.add("closing");
        }

        @Override
        public void onWorked() {
            heard.add("worked");
        }

        @Override
        public void onFailure(Throwable cause, @Nullable String version) {
            heard.add("FAILED " + version + ": " + FailureText.of(cause));
        }
    }

    private TaskHost host(Work work) {
        return hostOf(listener -> new Loop(listener, work));
    }

    /** Makes a loop, on the task's thread. */
    @FunctionalInterface
    private interface Making {
        TaskLoop loop(TaskListener listener);
    }

    private TaskHost hostOf(Making making) {
        return host(making, Map.of("connector.class", ScriptedSource.class.getName()));
    }

    private TaskHost host(Making making, Map<String, @Nullable String> config) {
        TaskServices services = OfflineServices.of(PLUGINS, flusher, meters);
        TaskSpec spec = new TaskSpec(new ConnectorName("c").task(0), ConnectorType.SOURCE, config, Map.of());
        return new TaskHost(
                spec, control, (task, wanted, listener, meter) -> making.loop(listener), services, new Heard());
    }

    private static void awaitEnd(CompletionStage<Void> ended) throws Exception {
        ended.toCompletableFuture().get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
    }

    /** Until it is released; notes an interruption and does not care. */
    private void hang() {
        hanging.countDown();
        while (true) {
            try {
                released.await();
                return;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private void awaitHanging() throws InterruptedException {
        assertThat(hanging.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLifeThatFailsIsHeardOfInOrder() {
        TaskHost unused = host(listener -> {
            listener.onRunning("7");
            listener.onReady();
            listener.onWorked();
            listener.onClosing();
            throw new ConnectException("no database");
        });

        await().atMost(LONG_ENOUGH).until(() -> heard.size() == 5);
        assertThat(heard)
                .containsExactly(
                        "RUNNING 7", "ready", "worked", "closing", "FAILED 7: " + new ConnectException("no database"));
    }

    /** Asked often enough to be found loggable, it throws when the log asks. */
    @Test
    void aFailureThatThrowsWhenItIsAskedAgainIsHeardOf() {
        TaskHost unused = host(listener -> {
            throw new ThrowsLater();
        });

        await().atMost(LONG_ENOUGH).until(() -> !heard.isEmpty());

        assertThat(heard)
                .singleElement()
                .satisfies(failure -> assertThat(failure).contains("no database"));
    }

    private static final class ThrowsLater extends ConnectException {
        private static final long serialVersionUID = 1;
        private final AtomicInteger asked = new AtomicInteger();

        private ThrowsLater() {
            super("no database");
        }

        @Override
        public String getMessage() {
            if (asked.incrementAndGet() > 3) {
                throw new UnsupportedOperationException("asked too often");
            }
            return "no database";
        }
    }

    @Test
    void aLifeThatIsStoppedFailsOfNothing() throws Exception {
        TaskHost host = host(listener -> {
            listener.onRunning("7");
            listener.onReady();
            while (!control.stopping()) {
                control.sleep(LONG_ENOUGH);
            }
            listener.onClosing();
        });
        await().atMost(LONG_ENOUGH).until(() -> heard.contains("ready"));

        awaitEnd(host.stop());

        assertThat(heard).containsExactly("RUNNING 7", "ready", "closing");
    }

    @Test
    void aLoopThatCannotBeMadeIsAFailureOfNoVersionAndEndsTheLife() throws Exception {
        TaskHost host = hostOf(listener -> {
            throw new ConnectException("no such transform");
        });

        await().atMost(LONG_ENOUGH).until(() -> !heard.isEmpty());

        assertThat(heard).containsExactly("FAILED null: " + new ConnectException("no such transform"));
        awaitEnd(host.stop());
    }

    @Test
    void aConfigWithoutAClassIsAFailureThatNamesTheConnectorAndTheKey() {
        TaskHost unused = host(listener -> new Loop(listener, work -> {}), Map.of("name", "c"));

        await().atMost(LONG_ENOUGH).until(() -> !heard.isEmpty());

        assertThat(heard)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .startsWith("FAILED null: ")
                        .contains("Connector config of c ", "(connector.class)"));
    }

    @Test
    void aLoopThatFailsBeforeItRunsIsAFailureOfItsVersion() {
        TaskHost unused = host(listener -> {
            throw new Error("not linked");
        });

        await().atMost(LONG_ENOUGH).until(() -> !heard.isEmpty());

        assertThat(heard).containsExactly("FAILED 7: " + new Error("not linked"));
    }

    @Test
    void whoIsStoppedBeforeItHasBegunEndsWhenTheLoopHas() throws Exception {
        TaskHost host = hostOf(listener -> {
            hang();
            return new Loop(listener, told -> calls.add("run, stopping: " + control.stopping()));
        });
        awaitHanging();

        CompletionStage<Void> ended = host.stop();
        host.signalStop();
        assertThat(ended.toCompletableFuture()).isNotDone();
        released.countDown();

        awaitEnd(ended);
        assertThat(calls).as("what is made must be closed").containsExactly("run, stopping: true");
        assertThat(heard).isEmpty();
    }

    @Test
    void whoDoesNotComeBackIsToldOnAThreadOfItsOwnAndNotOnceItHasEnded() throws Exception {
        TaskHost host = host(listener -> hang());
        awaitHanging();
        CompletionStage<Void> ended = host.stop();

        host.signalStop();
        await().atMost(LONG_ENOUGH).until(() -> !calls.isEmpty());
        released.countDown();
        awaitEnd(ended);
        host.signalStop();
        host.abandon();

        assertThat(calls)
                .containsExactly(
                        "signal by task-stop-c-0",
                        "fence by " + Thread.currentThread().getName());
        assertThat(started).containsOnlyOnce("task-stop-c-0").doesNotContain("task-abandon-c-0");
        assertThat(interrupted).isFalse();
    }

    /** The next life begins when abandon() has returned, so what keeps this one from committing is done by then. */
    @Test
    void whoIsGivenUpIsFencedAtOnceAndInterruptedAndFreedApart() throws Exception {
        TaskHost host = host(listener -> hang());
        awaitHanging();
        CompletionStage<Void> ended = host.stop();

        host.abandon();

        assertThat(calls).startsWith("fence by " + Thread.currentThread().getName());
        await().atMost(LONG_ENOUGH).until(() -> calls.contains("abandon by task-abandon-c-0"));
        await().atMost(LONG_ENOUGH).until(() -> interrupted);
        assertThat(ended.toCompletableFuture()).as("it goes on").isNotDone();
    }

    @Test
    void whoFailsAfterItWasGivenUpIsNotHeardOfAndHasEnded() throws Exception {
        TaskHost host = host(listener -> {
            listener.onRunning("7");
            hang();
            throw new ConnectException("connection lost");
        });
        awaitHanging();
        CompletionStage<Void> ended = host.stop();
        host.abandon();

        try (LoggedLines lines = LoggedLines.of(TaskHost.class)) {
            released.countDown();
            awaitEnd(ended);
            assertThat(lines.texts())
                    .anySatisfy(line -> assertThat(line).contains("left behind has ended", "connection lost"));
        }

        assertThat(heard).containsExactly("RUNNING 7");
    }

    @Test
    void whoIsGivenUpWhileItIsMadeIsRunToBeClosedAndNotHeardOf() throws Exception {
        TaskHost host = hostOf(listener -> {
            hang();
            return new Loop(listener, told -> {
                calls.add("run, stopping: " + control.stopping());
                throw new ConnectException("nothing to close");
            });
        });
        awaitHanging();
        CompletionStage<Void> ended = host.stop();

        host.abandon();
        released.countDown();

        awaitEnd(ended);
        assertThat(calls).containsExactly("run, stopping: true");
        assertThat(heard).isEmpty();
    }

    @Test
    void whoCannotEvenBeFreedIsLeftBehindAllTheSame() throws Exception {
        failsWhenAbandoned = new IllegalStateException("closed already");
        TaskHost host = host(listener -> hang());
        awaitHanging();
        CompletionStage<Void> ended = host.stop();

        try (LoggedLines lines = LoggedLines.of(TaskHost.class)) {
            host.abandon();
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(lines.texts())
                            .anySatisfy(line -> assertThat(line).contains("could not be told so", "closed already")));
        }
        released.countDown();

        awaitEnd(ended);
        assertThat(heard).isEmpty();
    }

    @Test
    void anInterruptionWhileItStopsIsNoFailure() throws Exception {
        TaskHost host = host(listener -> {
            hang();
            throw new InterruptedException("while closing");
        });
        awaitHanging();
        CompletionStage<Void> ended = host.stop();

        released.countDown();

        awaitEnd(ended);
        assertThat(heard).isEmpty();
    }

    @Test
    void anInterruptionThatNobodyAskedForIsAFailure() {
        TaskHost unused = host(listener -> {
            throw new InterruptedException("by a thread of the plugin");
        });

        await().atMost(LONG_ENOUGH).until(() -> !heard.isEmpty());

        assertThat(heard)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .startsWith("FAILED 7: ")
                        .contains("InterruptedException", "by a thread of the plugin"));
    }

    @Test
    void whatFailsWhileItStopsIsAFailure() throws Exception {
        TaskHost host = host(listener -> {
            hang();
            throw new ConnectException("not all is written");
        });
        awaitHanging();
        CompletionStage<Void> ended = host.stop();

        released.countDown();

        awaitEnd(ended);
        assertThat(heard).containsExactly("FAILED 7: " + new ConnectException("not all is written"));
    }

    private static final class SaysNothing extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings({"NullAway", "OverrideThrowableToString", "ToStringReturnsNull"
        }) // As a plugin's class may do.
        public String toString() {
            return null;
        }
    }

    private static final class CannotBeAsked extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("OverrideThrowableToString") // As above.
        public String toString() {
            throw new IllegalStateException("not for you");
        }
    }

    @Test
    void aFailureWhoseTextIsNullIsHeardOfByItsClass() throws Exception {
        assertHeardByItsClass(new SaysNothing());
    }

    @Test
    void aFailureWhoseTextCannotBeHadIsHeardOfByItsClass() throws Exception {
        assertHeardByItsClass(new CannotBeAsked());
    }

    private void assertHeardByItsClass(RuntimeException failure) throws Exception {
        TaskHost host = host(listener -> {
            throw failure;
        });

        awaitEnd(host.stop());

        assertThat(heard)
                .singleElement()
                .satisfies(told -> assertThat(told)
                        .startsWith("FAILED 7: ")
                        .contains(failure.getClass().getName()));
    }
}
