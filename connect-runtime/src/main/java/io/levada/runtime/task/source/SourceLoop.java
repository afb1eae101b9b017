/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.metrics.SourceMeter;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.task.Closing;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.CurrentConfig;
import io.levada.runtime.task.Opened;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Reports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A source task at work: construct the parts, start the plugin, poll and send until told to stop, close in reverse. */
public final class SourceLoop implements TaskLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(SourceLoop.class);
    private static final Duration POLL_RETRY_DELAY = Duration.ofMillis(500);
    /** Records sent and not acknowledged: some batches of the producer, and no more than a young generation holds. */
    static final int IN_FLIGHT_MAX = 20_000;

    private final TaskId id;
    private final TaskLog log;
    private final TaskControl control;
    private final TaskListener listener;
    private final TaskServices services;
    private final Map<String, @Nullable String> config;
    private final CurrentConfig current;
    private final SourceTask task;
    private final @Nullable String version;
    /** Of the plugin, for calls to it from other threads than the task's. */
    private final ClassLoader loader;

    private final Producer<byte[], byte[]> producer;
    private final Delivery delivery;
    private final Ending ending;
    private final ConnectorOffsets offsets;
    private final OwnPluginMetrics metrics;
    private final UnaryOperator<Map<String, Object>> lent;
    private final TaskMeter meter;
    private final SourceMeter polls;
    private final Opened opened;
    /** Whether the plugin was started without an exception, so that it may be told of commits; the task's thread writes it. */
    private volatile boolean working;

    /**
     * Makes the plugin objects and the producer; starts nothing.
     *
     * @param plugins closed by this loop in the end
     */
    public SourceLoop(
            TaskSpec spec, TaskControl control, TaskListener listener, TaskServices services, TaskPlugins plugins) {
        this(spec, control, listener, services, plugins, KafkaProducer::new);
    }

    SourceLoop(
            TaskSpec spec,
            TaskControl control,
            TaskListener listener,
            TaskServices services,
            TaskPlugins plugins,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
        this.id = spec.id();
        this.control = control;
        this.listener = listener;
        this.services = services;
        this.meter = plugins.meter();
        this.polls = meter.source();
        Map<String, @Nullable String> connector =
                services.secrets().resolveForTask(id.connector(), spec.connectorConfig(), spec.connectorConfig());
        this.config = services.secrets().resolveForTask(id.connector(), spec.connectorConfig(), spec.taskConfig());
        Resolved fromProviders =
                Resolved.between(spec.connectorConfig(), connector).and(Resolved.between(spec.taskConfig(), config));
        listener.onResolved(fromProviders);
        plugins.onResolved(fromProviders);
        this.log = new TaskLog(id, fromProviders);
        this.current = new CurrentConfig(spec, services.secrets(), config, fromProviders, all -> {
            log.onResolved(all);
            plugins.onResolved(all);
            listener.onResolved(all);
        });
        this.lent = own -> services.clients().lentConsumer(id, connector, own);
        ErrorSettings errors = ErrorSettings.from(connector, services.worker().embedsBroker());
        this.task = plugins.task(config, SourceTask.class);
        this.version = plugins.taskVersion();
        this.loader = task.getClass().getClassLoader();
        this.ending = new Ending(this::finish, () -> Closing.close(log, "stop() of the plugin", task::stop));
        this.opened = new Opened(log);
        try {
            this.metrics =
                    opened.add("plugin metrics", services.meters().plugins().ofTask(id));
            Reports reports = opened.add("error reports", Reports.ofSource(errors, log::hidden, meter.errors()));
            FailurePolicy policy = new FailurePolicy(id, errors, reports, control, pending -> {}, meter.errors());
            opened.add("transforms and converters", plugins);
            SourceRecords records = new SourceRecords(
                    TransformChain.open(plugins, connector),
                    Converters.open(plugins, services.worker(), connector),
                    policy);
            TopicCreation topics = opened.add("topic creation", TopicCreation.open(spec, services, connector));
            this.offsets = opened.add("offsets", services.offsets().open(id.connector(), connector));
            Boundary boundary = services.worker().exactlyOnceSources()
                    ? Boundary.of(connector, services.worker().timeouts().flushInterval(), control.threads()::nanoTime)
                    : null;
            Map<String, Object> producing = boundary != null
                    ? services.clients().transactionalProducer(id, connector, boundary.interval())
                    : services.clients().sourceProducer(id, connector);
            this.producer = producers.apply(producing);
            opened.closing("producer", () -> producer.close(Duration.ZERO));
            RecordSender sender = new RecordSender(log, producer, topics, control);
            PluginNotes notes = new PluginNotes(log, task);
            this.delivery = opened.add(
                    "delivery",
                    boundary != null
                            ? new Transactional(
                                    id,
                                    records,
                                    sender,
                                    new Transactional.Transaction(
                                            producer,
                                            RecordLimit.of(producing),
                                            offsets,
                                            () -> services.fencing().beforeTask(id.connector(), connector),
                                            () -> services.fencing().afterId(id, spec.taskConfig())),
                                    boundary,
                                    notes,
                                    new Transactional.Heard(topicUse(), listener::onWorked, meter))
                            : new AtLeastOnce(
                                    records,
                                    sender,
                                    new Answers(id, notes, policy, topicUse(), polls),
                                    offsetsInTime(offsets, notes),
                                    listener::onWorked));
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
    }

    private AtLeastOnce.OffsetsInTime offsetsInTime(ConnectorOffsets store, PluginNotes notes) {
        InFlight inFlight = new InFlight(IN_FLIGHT_MAX, control.threads());
        Duration timeout = services.worker().timeouts().flush();
        OffsetCommit commit = new OffsetCommit(log, notes, inFlight, store, timeout, meter, control.threads());
        Flushes flushes = new Flushes(
                log, commit, services.flusher(), services.worker().timeouts().flushInterval());
        return new AtLeastOnce.OffsetsInTime(id, inFlight, commit, flushes, timeout);
    }

    private Consumer<String> topicUse() {
        return services.worker().topicRules().tracking()
                ? topic -> services.statuses().putTopic(topic, id)
                : topic -> {};
    }

    @Override
    public @Nullable String version() {
        return version;
    }

    @Override
    public void run() throws Exception {
        boolean started = false;
        try {
            control.awaitResumedOrPaused(() -> listener.onPaused(version));
            if (!control.stopping()) {
                delivery.prepare();
            }
            if (!control.stopping()) { // Asked again: other workers may take a minute to answer.
                started = true;
                start();
                pollUntilStopped();
            }
        } finally {
            if (started) {
                listener.onClosing();
                ending.end();
            }
            opened.close();
        }
    }

    private void start() {
        task.initialize(new SourceContext(
                current,
                new StoredOffsets(id.connector(), offsets, control.threads()),
                metrics,
                lent,
                delivery.context()));
        task.start(config);
        working = true;
        delivery.begin();
        listener.onRunning(version);
        listener.onReady();
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .log("source task started");
    }

    private void pollUntilStopped() throws InterruptedException {
        while (!control.stopping()) {
            if (control.paused() && mayPause()) {
                pause();
            } else if (delivery.ready()) {
                List<SourceRecord> polled = poll();
                if (polled == null) {
                    delivery.idle();
                } else {
                    send(polled);
                }
            }
        }
        delivery.throwFailure();
    }

    /** What of a batch was handed over before one of its records failed must be committed, too. */
    private void send(List<SourceRecord> polled) throws InterruptedException {
        try {
            delivery.send(polled);
        } finally {
            ending.sent();
        }
    }

    private boolean mayPause() throws InterruptedException {
        delivery.throwFailure();
        return delivery.pausing();
    }

    private void pause() throws InterruptedException {
        listener.onPaused(version);
        control.awaitResumed();
        if (!control.stopping()) {
            listener.onRunning(version);
            listener.onReady();
        }
    }

    private @Nullable List<SourceRecord> poll() throws InterruptedException {
        ending.polling(true);
        try {
            long startNanos = System.nanoTime();
            List<SourceRecord> polled = task.poll();
            if (polled != null) {
                polls.polled(polled.size(), System.nanoTime() - startNanos, newest(polled));
            }
            return polled;
        } catch (InterruptedException e) {
            throw e;
        } catch (RetriableException | org.apache.kafka.common.errors.RetriableException e) {
            log.error(LOGGER.atWarn(), e).log("poll failed, trying again");
            control.sleep(POLL_RETRY_DELAY);
            return null;
        } catch (Exception e) { // also checked ones, which Scala and Kotlin let through
            throw new ConnectException(
                    "poll() of " + task.getClass().getName() + " failed for task " + id + ": " + FailureText.of(e), e);
        } finally {
            ending.polling(false);
        }
    }

    private static @Nullable Long newest(List<SourceRecord> polled) {
        SourceRecord last = polled.isEmpty() ? null : polled.get(polled.size() - 1);
        return last == null ? null : last.timestamp();
    }

    private void finish() {
        if (working) {
            Closing.close(log, "last offset commit", delivery::finish);
        }
    }

    /** The plugin may wait in {@code poll()} for nothing but its {@code stop()}. */
    @Override
    public void signalStop() {
        LoaderSwap.run(loader, ending::whilePolling);
    }

    @Override
    public void fence() {
        delivery.cancel();
    }

    /** Leaves what may block, such as a plugin's callback that the producer waits for, to a thread of its own. */
    @Override
    public void abandon() {
        fence();
        Thread unused = control.threads().start("task-abandon-" + id, () -> LoaderSwap.run(loader, this::free));
    }

    private void free() {
        Closing.close(log, "producer", () -> producer.close(Duration.ZERO));
        ending.whilePolling();
        offsets.close();
    }
}
