/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plan.ConnectorWork;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.State;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.OfflineServices;
import io.levada.runtime.task.TaskServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A connector whose plugin fails in stop(), when it has failed already and when it has not, leaves its thread interrupted, or comes back when nobody
 * waits for it any more.
 */
final class ConnectorHostTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final WorkerMeters meters = WorkerMeters.overJmx("connector-host-test:" + NUMBER.incrementAndGet());
    private final FlushThreads flusher = new FlushThreads();
    private final List<ConnectorHost> hosts = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> versions = new CopyOnWriteArrayList<>();
    private final CountDownLatch worked = new CountDownLatch(1);
    /** Whether task configs are written. */
    private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

    @AfterEach
    void close() {
        hosts.forEach(host -> host.stop().toCompletableFuture().join());
        flusher.close();
        meters.close();
    }

    /** Its stop() throws an error, and taskConfigs() or a thread of its own fail as its config says. */
    public static final class Unstoppable extends SinkConnector {
        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = props;
            context.pluginMetrics().addSensor("its own");
            if (config.containsKey("raises")) {
                context.raiseError(new IllegalStateException("raised"));
            }
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            if (config.containsKey("refuses")) {
                throw new Error("no tasks");
            }
            return List.of();
        }

        @Override
        public void stop() {
            throw new Error("not implemented");
        }

        @Override
        public Class<? extends Task> taskClass() {
            return RecordingSink.RecordingTask.class;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Its start() leaves its thread interrupted, and returns no earlier than it may. */
    public static final class LeavesTheFlag extends SinkConnector {
        private static volatile CountDownLatch started = new CountDownLatch(1);
        private static volatile CountDownLatch mayReturn = new CountDownLatch(1);
        private static volatile CountDownLatch stopped = new CountDownLatch(1);

        static void anew() {
            started = new CountDownLatch(1);
            mayReturn = new CountDownLatch(1);
            stopped = new CountDownLatch(1);
        }

        @Override
        public void start(Map<String, String> props) {
            started.countDown();
            while (mayReturn.getCount() > 0) {
                try {
                    mayReturn.await();
                } catch (InterruptedException ignored) {
                    // It is in no hurry.
                }
            }
            Thread.currentThread().interrupt();
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of();
        }

        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public Class<? extends Task> taskClass() {
            return RecordingSink.RecordingTask.class;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Notes its calls, and does not come back from the one that its config names until it may. Says no version. */
    public static final class Noting extends SinkConnector {
        private static final List<String> CALLS = new CopyOnWriteArrayList<>();
        private static volatile String late = "";
        private static volatile CountDownLatch mayReturn = new CountDownLatch(1);

        static void anew(String call) {
            CALLS.clear();
            late = call;
            mayReturn = new CountDownLatch(1);
        }

        public Noting() {
            called("constructor");
        }

        private static void called(String call) {
            CALLS.add(call);
            while (call.equals(late) && mayReturn.getCount() > 0) {
                try {
                    mayReturn.await();
                } catch (InterruptedException ignored) {
                    // It is in no hurry.
                }
            }
        }

        @Override
        public void initialize(ConnectorContext context) {
            super.initialize(context);
            called("initialize");
        }

        @Override
        public void start(Map<String, String> props) {
            called("start");
            if (props.containsKey("fails")) {
                throw new IllegalStateException("late failure");
            }
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            called("taskConfigs");
            return List.of();
        }

        @Override
        public void stop() {
            called("stop");
        }

        @Override
        public Class<? extends Task> taskClass() {
            return RecordingSink.RecordingTask.class;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        @SuppressWarnings("NullAway") // On purpose.
        public String version() {
            return null;
        }
    }

    private final class Heard implements HostEvents {
        @Override
        public boolean onProbation() {
            return false;
        }

        @Override
        public void onState(State state, @Nullable String version) {
            heard.add(state.name());
            versions.add(String.valueOf(version));
        }

        @Override
        public void onReady() {}

        @Override
        public void onClosing() {}

        @Override
        public void onWorked() {
            worked.countDown();
        }

        @Override
        public void onFailure(Throwable cause, @Nullable String version) {
            heard.add("FAILED " + cause.getMessage());
        }
    }

    private ConnectorHost host(String how) {
        return host(Unstoppable.class, how);
    }

    private ConnectorHost host(Class<? extends SinkConnector> connector, String how) {
        return host(Map.of("connector.class", connector.getName(), "topics", "t", how, "yes"));
    }

    private ConnectorHost host(Map<String, @Nullable String> config) {
        TaskServices services = OfflineServices.of(PLUGINS, flusher, meters);
        ConnectorHost host = new ConnectorHost(
                new ConnectorName("c"),
                new ConnectorWork(config, TargetState.STARTED),
                services,
                new Heard(),
                configs -> written);
        hosts.add(host);
        return host;
    }

    private void awaitHeard(String... states) {
        await().atMost(LONG_ENOUGH).until(() -> heard, List.of(states)::equals);
    }

    @Test
    void whoseTaskConfigsFailIsSaidToHaveFailed() {
        ConnectorHost unused = host("refuses");

        awaitHeard("RUNNING", "FAILED no tasks");
    }

    @Test
    void whoseTaskConfigsAreRefusedIsSaidToHaveFailedAndHasNotWorked() {
        written = new CompletableFuture<>();
        ConnectorHost unused = host("works");
        awaitHeard("RUNNING");

        written.completeExceptionally(new CompletionException(new ConnectException("too large")));

        awaitHeard("RUNNING", "FAILED too large");
        assertThat(worked.getCount()).isEqualTo(1);
    }

    @Test
    void whoseTaskConfigsAreWrittenHasWorked() throws Exception {
        ConnectorHost unused = host("works");

        assertThat(worked.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** It makes them anew when it runs again. */
    @Test
    void whoseTaskConfigsAreRefusedWhenItIsPausedHasNotFailed() {
        written = new CompletableFuture<>();
        ConnectorHost host = host("works");
        awaitHeard("RUNNING");
        host.target(TargetState.PAUSED);
        awaitHeard("RUNNING", "PAUSED");

        written.completeExceptionally(new ConnectException("too large"));
        host.target(TargetState.STOPPED);

        awaitHeard("RUNNING", "PAUSED", "STOPPED");
    }

    @Test
    void whoRaisesAnErrorIsSaidToHaveFailedAndCanBePausedAndStopped() throws Exception {
        ConnectorHost host = host("raises");
        awaitHeard("RUNNING", "FAILED raised");

        host.target(TargetState.STOPPED);
        awaitHeard("RUNNING", "FAILED raised", "STOPPED");

        host.stop().toCompletableFuture().get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whoFailsToStopIsPausedAndGoesOn() {
        ConnectorHost host = host("works");
        awaitHeard("RUNNING");

        host.target(TargetState.PAUSED);
        host.target(TargetState.STARTED);

        // Also its metrics were taken back, or it could not add the sensor a second time.
        awaitHeard("RUNNING", "PAUSED", "RUNNING");
    }

    @Test
    void whoLeavesItsThreadInterruptedIsPausedAllTheSame() throws Exception {
        LeavesTheFlag.anew();
        LeavesTheFlag.mayReturn.countDown();
        ConnectorHost host = host(LeavesTheFlag.class, "works");
        awaitHeard("RUNNING");

        host.target(TargetState.PAUSED);

        awaitHeard("RUNNING", "PAUSED");
        assertThat(LeavesTheFlag.stopped.await(0, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoComesBackAfterItWasGivenUpIsStopped() throws Exception {
        LeavesTheFlag.anew();
        ConnectorHost host = host(LeavesTheFlag.class, "works");
        assertThat(LeavesTheFlag.started.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        CompletionStage<Void> over = host.stop();
        host.abandon();

        LeavesTheFlag.mayReturn.countDown();

        over.toCompletableFuture().get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
        assertThat(LeavesTheFlag.stopped.await(0, TimeUnit.SECONDS)).isTrue();
    }

    /** It has a next life by then, in which the same plugin works: nothing of this one may begin any more. */
    @Test
    void whoComesBackFromStartAfterItWasGivenUpIsStoppedAndNothingElseOfItsQueueIsDone() throws Exception {
        assertThat(callsOfOneGivenUpIn("start", "works")).containsExactly("constructor", "initialize", "start", "stop");
        assertThat(heard).isEmpty();
    }

    @Test
    void whoComesBackBeforeStartAfterItWasGivenUpIsNotStarted() throws Exception {
        assertThat(callsOfOneGivenUpIn("constructor", "works")).containsExactly("constructor");
        assertThat(callsOfOneGivenUpIn("initialize", "works")).containsExactly("constructor", "initialize");
        assertThat(heard).isEmpty();
    }

    @Test
    void whoComesBackFromTaskConfigsAfterItWasGivenUpIsStoppedAndNothingElseOfItsQueueIsDone() throws Exception {
        assertThat(callsOfOneGivenUpIn("taskConfigs", "works"))
                .containsExactly("constructor", "initialize", "start", "taskConfigs", "stop");
    }

    @Test
    void whoFailsAfterItWasGivenUpIsNotHeard() throws Exception {
        assertThat(callsOfOneGivenUpIn("start", "fails")).containsExactly("constructor", "initialize", "start");
        assertThat(heard).isEmpty();
    }

    private List<String> callsOfOneGivenUpIn(String call, String how) throws Exception {
        Noting.anew(call);
        ConnectorHost host = host(Noting.class, how);
        await().atMost(LONG_ENOUGH).until(() -> Noting.CALLS.contains(call));
        host.target(TargetState.PAUSED);
        host.target(TargetState.STARTED);
        CompletionStage<Void> over = host.stop();
        host.abandon();

        Noting.mayReturn.countDown();

        over.toCompletableFuture().get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
        return List.copyOf(Noting.CALLS);
    }

    @Test
    void whoSaysNoVersionHasNoneInWhateverStateItIs() {
        Noting.anew("");
        ConnectorHost host = host(Noting.class, "works");
        awaitHeard("RUNNING");

        host.target(TargetState.PAUSED);

        awaitHeard("RUNNING", "PAUSED");
        await().atMost(LONG_ENOUGH).until(() -> versions, List.of("null", "null")::equals);
    }

    /** A config that no validation here has seen: another worker wrote it, or the topic is from before. */
    @Test
    void topicCreationThatCannotBeFailsTheConnectorAndNamesTheKey() {
        ConnectorHost unused = host(Map.of(
                "connector.class",
                CountingSource.class.getName(),
                "topic",
                "t",
                "topic.creation.default.partitions",
                "1"));

        awaitHeard(
                "FAILED Missing required configuration \"topic.creation.default.replication.factor\" which has no default value.");
    }
}
