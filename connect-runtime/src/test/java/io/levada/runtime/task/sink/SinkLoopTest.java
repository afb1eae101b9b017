/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.OfflineServices;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the owner of a sink task hears of it, and when. */
final class SinkLoopTest {
    private static final TaskId ID = new ConnectorName("c").task(1);
    private static final Map<String, @Nullable String> CONFIG = Map.of(
            "connector.class", RecordingSink.class.getName(), "task.class", Quiet.class.getName(), "topics", "t");
    private static final Map<String, String> WORKER = Map.of(
            "bootstrap.servers", "localhost:1",
            "key.converter", "org.apache.kafka.connect.storage.StringConverter",
            "value.converter", "org.apache.kafka.connect.storage.StringConverter");
    /** In their order, of one task at a time. */
    private static final List<String> CALLS = new CopyOnWriteArrayList<>();

    private final Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
    private final WorkerMeters meters = WorkerMeters.overJmx("sink-loop-test:0");
    private final TaskServices services = OfflineServices.of(WORKER, plugins, new FlushThreads(), meters);
    private final TaskControl control = new TaskControl(false);
    private final Steps steps = new Steps();

    @BeforeEach
    void forget() {
        CALLS.clear();
    }

    @AfterEach
    void close() {
        services.secrets().close();
        plugins.close();
        meters.close();
    }

    private void run() throws Exception {
        SinkLoops.open(
                        new TaskSpec(ID, ConnectorType.SINK, CONFIG, CONFIG),
                        control,
                        new Told(),
                        services,
                        meters.begin(ID, ConnectorType.SINK),
                        settings -> steps)
                .run();
    }

    @Test
    void itIsReadyOnceItHasJoinedAndAgainAfterAPause() throws Exception {
        steps.then("not yet joined", () -> {});
        steps.then("joins", () -> steps.generation = 1);
        steps.then("polls", () -> control.pause(true));
        steps.then("keeps still", () -> control.pause(false));
        steps.then("polls on", control::stop);

        run();

        assertThat(CALLS)
                .containsExactly(
                        "start",
                        "running",
                        "not yet joined",
                        "joins",
                        "ready",
                        "polls",
                        "paused",
                        "keeps still",
                        "running",
                        "ready",
                        "polls on",
                        "closing",
                        "stop");
    }

    /** A poll comes back with records, or when its time is over, which is the interval of commits. */
    @Test
    void itIsReadyAsSoonAsItHasItsPartitionsAlthoughNothingComes() throws Exception {
        steps.then("polls", () -> {
            Objects.requireNonNull(steps.heard).onPartitionsAssigned(List.of());
            CALLS.add("waits for records");
            steps.generation = 1;
        });
        steps.then("polls on", control::stop);

        run();

        assertThat(CALLS)
                .containsExactly(
                        "start", "running", "polls", "ready", "waits for records", "polls on", "closing", "stop");
    }

    @Test
    void oneThatJoinsWhileItIsPausedIsReadyWhenItGoesOn() throws Exception {
        control.pause(true);
        steps.then("joins", () -> steps.generation = 1);
        steps.then("keeps still", () -> control.pause(false));
        steps.then("polls", control::stop);

        run();

        assertThat(CALLS)
                .containsExactly(
                        "start", "paused", "joins", "keeps still", "running", "ready", "polls", "closing", "stop");
    }

    /** A consumer whose polls bring nothing, and do what the test says. */
    private static final class Steps extends MockConsumer<byte[], byte[]> {
        private final Deque<Runnable> next = new ArrayDeque<>();
        private int generation = -1;
        private @Nullable ConsumerRebalanceListener heard;

        private Steps() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
        }

        private void then(String call, Runnable step) {
            next.add(() -> {
                CALLS.add(call);
                step.run();
            });
        }

        @Override
        public synchronized void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, listener);
            heard = listener;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            next.remove().run();
            return ConsumerRecords.empty();
        }

        @Override
        @SuppressWarnings("removal") // There is no other way to tell of a generation.
        public ConsumerGroupMetadata groupMetadata() {
            return new ConsumerGroupMetadata("connect-c", generation, "member", Optional.empty());
        }
    }

    /** Tells when it is started and stopped. */
    public static final class Quiet extends SinkTask {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> props) {
            CALLS.add("start");
        }

        @Override
        public void put(Collection<SinkRecord> records) {}

        @Override
        public void stop() {
            CALLS.add("stop");
        }
    }

    private static final class Told implements TaskListener {
        @Override
        public void onResolved(Resolved resolved) {}

        @Override
        public void onRunning(@Nullable String version) {
            CALLS.add("running");
        }

        @Override
        public void onReady() {
            CALLS.add("ready");
        }

        @Override
        public void onClosing() {
            CALLS.add("closing");
        }

        @Override
        public boolean onProbation() {
            return false;
        }

        @Override
        public void onWorked() {
            CALLS.add("worked");
        }

        @Override
        public void onPaused(@Nullable String version) {
            CALLS.add("paused");
        }
    }
}
