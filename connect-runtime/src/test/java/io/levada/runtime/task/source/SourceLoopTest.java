/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.RefusingConverter;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.connectors.ScriptedSource.ScriptedTask;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.NumberingProvider;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.topics.InMemoryLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source task's plugin sees and what is committed, in which order, over a producer in memory. */
final class SourceLoopTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String KEY = "[\"c\",{\"only\":\"one\"}]=";

    private final OffsetStore offsets = new OffsetStore();
    private final InMemoryLog offsetLog = new InMemoryLog(offsets);
    private final StatusStore statuses = new StatusStore(InstantSource.system());
    private final FlushThreads flusher = new FlushThreads();
    private final List<String> fenced = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile Resolved resolved = Resolved.NOTHING;
    private Runnable whileFencing = () -> {};
    private Runnable onceItHasItsId = () -> {};
    private final Fencing fencing = new Fencing() {
        @Override
        public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {
            fenced.add(connector.value());
            whileFencing.run();
        }

        @Override
        public void afterId(TaskId task, Map<String, @Nullable String> made) {
            assertThat(made).containsAllEntriesOf(taskConfig);
            onceItHasItsId.run();
        }

        @Override
        public void all(ConnectorName connector, Map<String, @Nullable String> config) {
            throw new AssertionError("no offsets are changed here");
        }
    };
    private final WorkerMeters meters = WorkerMeters.overJmx("source-loop-test:0");
    private final String name = "script-" + NUMBER.incrementAndGet();
    private final Script script = new Script(name);
    private Class<?> taskClass = ScriptedTask.class;
    private final Map<String, @Nullable String> config = new HashMap<>();
    private final Map<String, @Nullable String> taskConfig = new HashMap<>();
    private final Map<String, String> workerConfig = new HashMap<>();

    SourceLoopTest() {
        offsets.writeTo(offsetLog);
        statuses.writeTo(new InMemoryLog(statuses));
        config.put("connector.class", ScriptedSource.class.getName());
        workerConfig.put("bootstrap.servers", "localhost:1");
        workerConfig.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        workerConfig.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        workerConfig.put("offset.flush.timeout.ms", "60000");
    }

    @AfterEach
    void close() {
        flusher.close();
        meters.close();
    }

    /** Acknowledges at once, or when told; refuses what is too large at once, as Kafka's does. */
    private static final class Sending extends MockProducer<byte[], byte[]> {
        private static final int BYTES_MAX = 20;

        Sending(boolean acknowledging) {
            super(
                    TransactionalFixture.CLUSTER,
                    acknowledging,
                    null,
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (record.value() != null && record.value().length > BYTES_MAX) {
                RecordTooLargeException refused = new RecordTooLargeException("too large");
                Objects.requireNonNull(callback).onCompletion(null, refused);
                return CompletableFuture.failedFuture(refused);
            }
            return super.send(record, callback);
        }

        List<String> sent() {
            return history().stream()
                    .map(record -> new String(record.value(), UTF_8))
                    .toList();
        }
    }

    /** A task at work on its thread. */
    private record Running(
            TaskLoop loop, TaskControl control, Thread thread, CompletableFuture<@Nullable Throwable> ended) {
        @Nullable
        Throwable end() throws InterruptedException, ExecutionException, TimeoutException {
            return ended.get(60, TimeUnit.SECONDS);
        }

        void stop() throws InterruptedException, ExecutionException, TimeoutException {
            control.stop();
            assertThat(end()).isNull();
        }
    }

    private TaskServices services() {
        WorkerConfig worker = WorkerConfig.from(workerConfig);
        ClientConfigs clients = new ClientConfigs(worker, new OverridePolicy.All(), "cluster-1");
        return new TaskServices(
                worker,
                clients,
                PLUGINS,
                new OffsetStores(worker.topics().offsets(), offsets, clients),
                statuses,
                Secrets.open(workerConfig, PLUGINS),
                flusher,
                fencing,
                meters);
    }

    private TaskLoop loop(
            String scriptName, TaskControl control, java.util.function.Supplier<Producer<byte[], byte[]>> producer) {
        TaskId id = new ConnectorName("c").task(0);
        Map<String, @Nullable String> ofTask = new HashMap<>(taskConfig);
        ofTask.put("task.class", taskClass.getName());
        ofTask.put("script", scriptName);
        TaskSpec spec = new TaskSpec(id, ConnectorType.SOURCE, config, ofTask);
        TaskServices services = services();
        return TaskPlugins.during(
                spec,
                services,
                meters.begin(id, ConnectorType.SOURCE),
                plugins -> new SourceLoop(spec, control, new Hearing(), services, plugins, settings -> producer.get()));
    }

    private Running start(String scriptName, Producer<byte[], byte[]> producer) {
        return start(scriptName, producer, new TaskControl(false));
    }

    private Running start(String scriptName, Producer<byte[], byte[]> producer, TaskControl control) {
        TaskLoop loop = loop(scriptName, control, () -> producer);
        CompletableFuture<@Nullable Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                loop.run();
                ended.complete(null);
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new Running(loop, control, thread, ended);
    }

    private void awaitCall(String call) {
        await().atMost(Duration.ofSeconds(60)).until(() -> script.calls.contains(call));
    }

    private final class Hearing implements TaskListener {
        @Override
        public void onResolved(Resolved all) {
            resolved = all;
        }

        @Override
        public void onRunning(@Nullable String version) {
            heard.add("running");
        }

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
        public void onPaused(@Nullable String version) {
            heard.add("paused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled", "disabled"})
    void aTaskThatStartsPausedHasItsMetrics(String exactlyOnce) throws Exception {
        workerConfig.put("exactly.once.source.support", exactlyOnce);
        Running task = start(name, new Sending(true), new TaskControl(true));
        await().atMost(Duration.ofSeconds(60)).until(() -> heard.contains("paused"));

        assertThat(ManagementFactory.getPlatformMBeanServer()
                        .getAttribute(
                                new ObjectName("kafka.connect:type=source-task-metrics,connector=c,task=0"),
                                "source-record-poll-total"))
                .isEqualTo(0.0);
        task.stop();
    }

    @Test
    void theLastCommitComesBeforeStop() throws InterruptedException, ExecutionException, TimeoutException {
        Sending producer = new Sending(false);
        script.poll(1, 2);
        Running task = start(name, producer);
        await().atMost(Duration.ofSeconds(60)).until(() -> producer.history().size() == 2);
        task.control.stop();

        while (producer.completeNext()) {
            // The brokers answer only now.
        }

        assertThat(task.end()).isNull();
        assertThat(script.calls).containsExactly("start", "record 1", "record 2", "commit", "stop");
        assertThat(offsetLog.lines()).containsExactly(KEY + "{\"n\":2}");
        assertThat(producer.closed()).isTrue();
    }

    /** The plugin is asked for no more while so much is on its way that the memory would fill. */
    @Test
    void nothingIsPolledWhileTwentyThousandRecordsAreNotAcknowledged() throws Exception {
        Sending producer = new Sending(false);
        script.poll(LongStream.rangeClosed(1, SourceLoop.IN_FLIGHT_MAX).toArray());
        script.poll(Long.MAX_VALUE);
        Running task = start(name, producer);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> producer.history().size() == SourceLoop.IN_FLIGHT_MAX
                        && task.thread.getState() == Thread.State.TIMED_WAITING
                        && List.of(task.thread.getStackTrace()).toString().contains("InFlight.awaitRoom"));
        assertThat(script.polls).as("not polled yet").hasSize(1);

        assertThat(producer.completeNext()).isTrue();

        await().atMost(Duration.ofSeconds(60)).until(() -> producer.history().size() == SourceLoop.IN_FLIGHT_MAX + 1);
        task.control.stop();
        while (producer.completeNext()) {
            // The brokers answer only now.
        }
        assertThat(task.end()).isNull();
    }

    @Test
    void aPollThatFailsTakesNoOffsetsWithIt() throws InterruptedException, ExecutionException, TimeoutException {
        script.poll(1, 2);
        script.polls.add(new IllegalStateException("broken on purpose"));

        Throwable failure = start(name, new Sending(true)).end();

        assertThat(failure).isInstanceOf(ConnectException.class).hasMessageContaining("broken on purpose");
        assertThat(script.calls).containsExactly("start", "record 1", "record 2", "commit", "stop");
        assertThat(offsetLog.lines()).containsExactly(KEY + "{\"n\":2}");
    }

    @Test
    void aRecordThatIsRefusedTakesNoneWithItThatIsOnItsWay()
            throws InterruptedException, ExecutionException, TimeoutException {
        Sending producer = new Sending(false);
        script.poll(1, 2, 3, 4, 5, Long.MAX_VALUE, 7);
        config.put("transforms", "long");
        config.put("transforms.long.type", "io.levada.runtime.task.source.SourceLoopTest$Repeat");
        Running task = start(name, producer);
        await().atMost(Duration.ofSeconds(60)).until(() -> producer.history().size() == 5);

        while (!task.ended.isDone()) {
            if (!producer.completeNext()) {
                Thread.onSpinWait();
            }
        }

        assertThat(task.end()).isInstanceOf(ConnectException.class).hasMessageContaining("too large");
        assertThat(producer.sent()).containsExactly("1", "2", "3", "4", "5");
        assertThat(script.calls).endsWith("record 5", "commit", "stop");
        assertThat(offsetLog.lines()).containsExactly(KEY + "{\"n\":5}");
    }

    /** Makes the one long number longer than the producer takes. */
    public static final class Repeat
            implements org.apache.kafka.connect.transforms.Transformation<
                    org.apache.kafka.connect.source.SourceRecord> {
        @Override
        public org.apache.kafka.connect.source.SourceRecord apply(org.apache.kafka.connect.source.SourceRecord record) {
            String value = String.valueOf(record.value());
            return value.length() < 10
                    ? record
                    : record.newRecord(
                            record.topic(),
                            null,
                            null,
                            null,
                            record.valueSchema(),
                            value.repeat(9),
                            record.timestamp());
        }

        @Override
        public org.apache.kafka.common.config.ConfigDef config() {
            return new org.apache.kafka.common.config.ConfigDef();
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    @Test
    void aPluginThatCannotStartIsStoppedAndToldOfNoCommit()
            throws InterruptedException, ExecutionException, TimeoutException {
        script.failsAtStart = new ConnectException("no database");

        assertThat(start(name, new Sending(true)).end()).hasMessage("no database");

        assertThat(script.calls).containsExactly("start", "stop");
    }

    @Test
    void aPluginThatFailsToNoteWhatHappenedUndoesNothing()
            throws InterruptedException, ExecutionException, TimeoutException {
        script.failsAtCommitRecord = new IllegalStateException("no note of a record");
        script.failsAtCommit = new Error("no note of a commit");
        script.poll(1, 2);
        Running task = start(name, new Sending(true));
        awaitCall("record 2");

        task.stop();

        assertThat(script.calls).endsWith("commit", "stop");
        assertThat(offsetLog.lines()).containsExactly(KEY + "{\"n\":2}");
    }

    @Test
    void aPluginThatFailsToStopLeavesNothingOpen() throws InterruptedException, ExecutionException, TimeoutException {
        script.failsAtStop = new Error("not implemented");
        script.poll(1);
        Sending producer = new Sending(true);
        Running task = start(name, producer);
        awaitCall("record 1");

        task.stop();

        assertThat(offsetLog.lines()).containsExactly(KEY + "{\"n\":1}");
        assertThat(producer.closed()).isTrue();
    }

    @Test
    void whatMayPassIsPolledAgainAlsoInKafkasOwnWords()
            throws InterruptedException, ExecutionException, TimeoutException {
        script.polls.add(new org.apache.kafka.common.errors.TimeoutException("no answer yet"));
        script.polls.add(new org.apache.kafka.connect.errors.RetriableException("not yet"));
        script.poll(1);
        Running task = start(name, new Sending(true));

        awaitCall("record 1");

        task.stop();
    }

    @Test
    void aCheckedExceptionThatPollMayNotThrowNamesTheTask()
            throws InterruptedException, ExecutionException, TimeoutException {
        script.polls.add(new IOException("disk gone"));

        assertThat(start(name, new Sending(true)).end())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("task c-0")
                .hasMessageContaining("disk gone");
    }

    @Test
    void aPluginThatWaitsInPollForItsStopIsStoppedAfterTheCommitAndLosesNothing()
            throws InterruptedException, ExecutionException, TimeoutException {
        script.poll(1, 2);
        script.hangs = true;
        Running task = start(name, new Sending(true));
        assertThat(script.hanging.await(60, TimeUnit.SECONDS)).isTrue();
        task.control.stop();
        script.poll(3);

        task.loop.signalStop();

        assertThat(task.end()).isNull();
        assertThat(script.calls)
                .containsExactly("start", "record 1", "record 2", "commit", "stop", "record 3", "commit");
        assertThat(offsetLog.lines()).endsWith(KEY + "{\"n\":3}");
    }

    @Test
    void ofABatchThatComesAfterTheStopAndFailsInTheMiddleIsCommittedWhatWasSent()
            throws InterruptedException, ExecutionException, TimeoutException {
        config.put("transforms", "picky");
        config.put("transforms.picky.type", DropEvery.class.getName());
        config.put("transforms.picky.fail", "99");
        script.poll(1);
        script.hangs = true;
        Running task = start(name, new Sending(true));
        assertThat(script.hanging.await(60, TimeUnit.SECONDS)).isTrue();
        task.control.stop();
        script.poll(2, 3, 99);

        task.loop.signalStop();

        assertThat(task.end()).isInstanceOf(ConnectException.class).hasMessageContaining("told to fail");
        assertThat(script.calls)
                .containsExactly("start", "record 1", "commit", "stop", "record 2", "record 3", "commit");
        assertThat(offsetLog.lines()).endsWith(KEY + "{\"n\":3}");
    }

    @Test
    void aTaskThatWasGivenUpCommitsNoMoreWhateverItsPollBringsLate()
            throws InterruptedException, ExecutionException, TimeoutException {
        Sending producer = new Sending(false);
        script.poll(1, 2);
        script.hangs = true;
        script.stopReleases = false;
        Running old = start(name, producer);
        assertThat(script.hanging.await(60, TimeUnit.SECONDS)).isTrue();
        producer.completeNext(); // The first record could be committed, the second not yet.
        old.control.stop();
        old.loop.fence();
        old.loop.abandon();
        Script next = new Script(name + "-next");
        next.poll(9);
        Running successor = start(name + "-next", new Sending(true));
        await().atMost(Duration.ofSeconds(60)).until(() -> next.calls.contains("record 9"));
        successor.stop();

        producer.completeNext();
        script.poll(3);
        script.released.countDown();

        assertThat(old.end()).isNull();
        await().atMost(Duration.ofSeconds(60)).until(() -> script.calls.contains("stop"));
        assertThat(offsetLog.lines()).containsExactly(KEY + "{\"n\":9}");
        assertThat(script.calls).containsExactly("start", "record 1", "stop");
        assertThat(producer.closed()).isTrue();
        assertThat(producer.sent()).containsExactly("1", "2");
    }

    @Test
    void toleratedRecordIsNotToldAsDroppedBecauseTheProducerIsClosed()
            throws InterruptedException, ExecutionException, TimeoutException {
        workerConfig.put("offset.flush.timeout.ms", "50");
        config.put("errors.tolerance", "all");
        Sending producer = new Sending(false);
        script.poll(1);
        Running task = start(name, producer);
        await().atMost(Duration.ofSeconds(60)).until(() -> producer.history().size() == 1);
        task.stop();

        producer.errorNext(new KafkaException("Producer is closed forcefully."));

        assertThat(script.calls).doesNotContain("dropped 1");
        assertThat(offsetLog.lines()).isEmpty();
    }

    @Test
    void exactlyOnceTaskIsFencedBeforeItBeginsAndEndsWithItsTransaction()
            throws InterruptedException, ExecutionException, TimeoutException {
        workerConfig.put("exactly.once.source.support", "enabled");
        config.put("transaction.boundary", "interval");
        Sending producer = new Sending(true);
        script.poll(1, 2);
        Running task = start(name, producer);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> producer.uncommittedRecords().size() == 2);
        assertThat(fenced).containsExactly("c");

        task.stop();

        assertThat(script.calls).containsExactly("start", "record 1", "record 2", "commit", "stop");
        assertThat(producer.sent()).containsExactly("1", "2", "{\"n\":2}");
    }

    @Test
    void aTaskThatIsStoppedWhileItIsFencedDoesNotStart() throws Exception {
        workerConfig.put("exactly.once.source.support", "enabled");
        TaskControl control = new TaskControl(false);
        whileFencing = control::stop;
        Sending producer = new Sending(true);

        loop(name, control, () -> producer).run();

        assertThat(script.calls).isEmpty();
        assertThat(producer.closed()).isTrue();
    }

    /** Whoever hung between fencing and that has fenced the task of today, and must not go on in its place. */
    @Test
    void aTaskThatWasConfiguredAnewWhenItHasItsIdDoesNotStart() throws Exception {
        workerConfig.put("exactly.once.source.support", "enabled");
        Sending producer = new Sending(true);
        onceItHasItsId = () -> {
            assertThat(producer.transactionInitialized()).isTrue();
            throw new ConnectException("configured anew");
        };

        assertThatThrownBy(
                        () -> loop(name, new TaskControl(false), () -> producer).run())
                .hasStackTraceContaining("configured anew");

        assertThat(script.calls).isEmpty();
        assertThat(producer.closed()).isTrue();
    }

    @Test
    void aTaskThatIsGivenUpWhileItIsFencedDoesNotFenceItsSuccessor() throws Exception {
        workerConfig.put("exactly.once.source.support", "enabled");
        TaskControl control = new TaskControl(false);
        Sending producer = new Sending(true);
        TaskLoop loop = loop(name, control, () -> producer);
        whileFencing = () -> {
            control.stop();
            loop.fence();
        };

        loop.run();

        assertThat(producer.transactionInitialized()).isFalse();
    }

    @Test
    void aPauseWaitsForTheEndOfATransactionThatTheTaskEndsItself()
            throws InterruptedException, ExecutionException, TimeoutException {
        workerConfig.put("exactly.once.source.support", "enabled");
        config.put("transaction.boundary", "connector");
        Sending producer = new Sending(true);
        script.poll(1);
        Running task = start(name, producer);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> producer.uncommittedRecords().size() == 1);

        task.control.pause(true);
        script.poll(2);
        script.commitTransaction();

        await().atMost(Duration.ofSeconds(60)).until(() -> heard.contains("paused"));
        assertThat(producer.sent()).containsExactly("1", "2", "{\"n\":2}");
        assertThat(producer.transactionInFlight()).isFalse();
        script.poll(3);
        script.commitTransaction();
        task.control.pause(false);
        awaitCall("record 3");
        task.stop();
        assertThat(heard).containsExactly("running", "paused", "running");
    }

    @Test
    void whatWasSentBeforeAPollFailedIsCommitted() throws InterruptedException, ExecutionException, TimeoutException {
        workerConfig.put("exactly.once.source.support", "enabled");
        config.put("transaction.boundary", "interval");
        Sending producer = new Sending(true);
        script.poll(1, 2);
        script.polls.add(new IllegalStateException("broken on purpose"));

        assertThat(start(name, producer).end()).hasMessageContaining("broken on purpose");

        assertThat(script.calls).containsExactly("start", "record 1", "record 2", "commit", "stop");
        assertThat(producer.sent()).containsExactly("1", "2", "{\"n\":2}");
    }

    @ParameterizedTest
    @CsvSource({
        "transforms.b.type, io.levada.runtime.connectors.Missing",
        "transforms.b.refuse, yes",
        "value.converter, io.levada.runtime.connectors.Missing",
        "topic.creation.default.partitions, 1",
        "producer.override.acks, 1",
    })
    void aTaskThatCannotBeMadeLeavesNothingOpen(String key, String value) {
        config.put("transforms", "a,b");
        config.put("transforms.a.type", DropEvery.class.getName());
        config.put("transforms.a.counted.as", name);
        config.put("transforms.b.type", DropEvery.class.getName());
        config.put("producer.override.enable.idempotence", "true");
        config.put(key, value);
        int before = DropEvery.OPEN.getOrDefault(name, new AtomicInteger()).get();

        assertThatThrownBy(() -> loop(name, new TaskControl(false), () -> new Sending(true)))
                .isInstanceOf(KafkaException.class);

        assertThat(DropEvery.OPEN.getOrDefault(name, new AtomicInteger()).get()).isEqualTo(before);
    }

    @Test
    void aConverterThatRefusesItsConfigIsClosed() {
        config.put("value.converter", RefusingConverter.class.getName());
        int before = RefusingConverter.CLOSED.get();

        assertThatThrownBy(() -> loop(name, new TaskControl(false), () -> new Sending(true)))
                .hasMessageContaining("refused on purpose");

        assertThat(RefusingConverter.CLOSED.get()).isEqualTo(before + 1);
    }

    @Test
    void aProducerThatCannotBeMadeLeavesNothingOpen() {
        config.put("transforms", "a");
        config.put("transforms.a.type", DropEvery.class.getName());
        config.put("transforms.a.counted.as", name);

        assertThatThrownBy(() -> loop(name, new TaskControl(false), () -> {
                    throw new ConfigException("no such compression");
                }))
                .isInstanceOf(ConfigException.class);

        assertThat(DropEvery.OPEN.getOrDefault(name, new AtomicInteger()).get()).isZero();
    }

    /** Fails when it is asked for its version again. */
    public static final class AskedOnce extends SourceTask {
        private int asked;

        @Override
        public String version() {
            if (asked++ > 0) {
                throw new Error("said already");
            }
            return "7";
        }

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public @Nullable List<SourceRecord> poll() {
            return null;
        }

        @Override
        public void stop() {}
    }

    /** A failure between the making of a loop and its run would leave all open that it has. */
    @Test
    void whatALoopIsAskedBeforeItRunsCallsNoPlugin() throws Exception {
        taskClass = AskedOnce.class;
        Sending producer = new Sending(true);
        Running task = start(name, producer);

        assertThat(task.loop.version()).isEqualTo("7");

        await().atMost(Duration.ofSeconds(60)).until(() -> heard.contains("running"));
        task.stop();
        assertThat(producer.closed()).isTrue();
    }

    /** Fails with the password that it has now, which need not be that of its start. */
    public static final class TellsItsPassword extends SourceTask {
        private String first = "";
        private int polls;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> props) {
            first = String.valueOf(props.get("password"));
        }

        @Override
        public List<SourceRecord> poll() {
            String message =
                    "no log-in with " + first + " or " + context.configs().get("password");
            throw polls++ == 0
                    ? new org.apache.kafka.connect.errors.RetriableException(message)
                    : new IllegalStateException(message);
        }

        @Override
        public void stop() {}
    }

    @Test
    void whatAProviderGivesLaterIsHiddenInFailuresToo()
            throws InterruptedException, ExecutionException, TimeoutException {
        workerConfig.putAll(NumberingProvider.worker());
        taskClass = TellsItsPassword.class;
        taskConfig.put("password", "${lent:db:password}");
        Throwable failure;
        List<String> lines;
        try (LoggedLines log = LoggedLines.of(SourceLoop.class)) {
            failure = start(name, new Sending(true)).end();
            lines = log.texts();
        }

        assertThat(failure).hasMessageContainingAll(NumberingProvider.value(1), NumberingProvider.value(3));
        assertThat(FailureText.trace(resolved.hiddenIn(Objects.requireNonNull(failure))))
                .contains("no log-in with ${lent:db:password} or ${lent:db:password}")
                .doesNotContain("secret-");
        assertThat(lines)
                .anyMatch(line -> line.contains("no log-in with ${lent:db:password} or ${lent:db:password}"))
                .noneMatch(line -> line.contains("secret-"));
    }
}
