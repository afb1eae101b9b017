/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.task.Closing;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.Opened;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
    /** Records sent and not acknowledged; at 32 MB of producer buffer more would not fit anyway unless they are tiny. */
    private static final int IN_FLIGHT_MAX = 100_000;

    private final TaskId id;
    private final TaskControl control;
    private final TaskListener listener;
    private final TaskServices services;
    private final Map<String, @Nullable String> config;
    private final SourceTask task;
    private final SourceRecords records;
    private final Producer<byte[], byte[]> producer;
    private final InFlight inFlight = new InFlight(IN_FLIGHT_MAX);
    private final RecordSender sender;
    private final OffsetCommit commit;
    private final OwnPluginMetrics metrics;
    private final TaskMeter meter;
    private final FirstBatch firstBatch;
    private final Opened opened;

    /**
     * Makes the plugin objects and the producer; starts nothing.
     *
     * @param plugins closed by this loop in the end
     */
    public SourceLoop(
            TaskSpec spec, TaskControl control, TaskListener listener, TaskServices services, TaskPlugins plugins) {
        this.id = spec.id();
        this.control = control;
        this.listener = listener;
        this.services = services;
        this.meter = plugins.meter();
        this.firstBatch = new FirstBatch(listener::onWorked);
        Map<String, @Nullable String> connector =
                services.secrets().resolveFor(id.connector(), spec.connectorConfig(), spec.connectorConfig());
        ErrorSettings errors = ErrorSettings.from(connector, services.worker().embedsBroker());
        this.config = services.secrets().resolveFor(id.connector(), spec.connectorConfig(), spec.taskConfig());
        this.task = plugins.task(config, SourceTask.class);
        this.opened = new Opened(id);
        try {
            this.metrics =
                    opened.add("plugin metrics", services.meters().plugins().ofTask(id));
            Reports reports = opened.add("error reports", Reports.ofSource(errors, meter.errors()));
            FailurePolicy policy =
                    new FailurePolicy(id, errors, reports, control.stopSignal(), pending -> {}, meter.errors());
            opened.add("transforms and converters", plugins);
            this.records = new SourceRecords(
                    TransformChain.open(plugins, connector),
                    Converters.open(plugins, services.worker(), connector),
                    policy);
            TopicCreation topics = opened.add("topic creation", TopicCreation.open(spec, services, connector));
            this.producer = new KafkaProducer<>(services.clients().sourceProducer(id, connector));
            opened.closing("producer", () -> producer.close(Duration.ZERO));
            this.sender = new RecordSender(id, task, producer, inFlight, topics, policy, services, meter, firstBatch);
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
        this.commit = new OffsetCommit(
                id,
                task,
                inFlight,
                services.offsets(),
                services.worker().timeouts().flush(),
                meter);
    }

    @Override
    public String version() {
        return task.version();
    }

    @Override
    public void run() throws Exception {
        boolean started = false;
        Flushes flushes = new Flushes(
                id, commit, services.flusher(), services.worker().timeouts().flushInterval());
        try {
            control.awaitResumedOrPaused(() -> listener.onPaused(task.version()));
            if (!control.stopping()) {
                started = true;
                start();
                flushes.start();
                pollUntilStopped();
            }
        } finally {
            flushes.close();
            close(started);
        }
    }

    private void start() {
        StoredOffsets offsets = new StoredOffsets(id.connector(), services.offsets());
        task.initialize(new SourceContext(config, offsets, metrics));
        task.start(config);
        listener.onRunning(task.version());
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .log("source task started");
    }

    private void pollUntilStopped() throws InterruptedException {
        while (!control.stopping()) {
            sender.throwFailure();
            if (control.paused()) {
                pause();
                continue;
            }
            List<SourceRecord> polled = poll();
            if (polled != null) {
                sendAll(polled);
            }
        }
        sender.throwFailure();
    }

    private void pause() throws InterruptedException {
        listener.onPaused(task.version());
        control.awaitResumed();
        if (!control.stopping()) {
            listener.onRunning(task.version());
        }
    }

    private @Nullable List<SourceRecord> poll() throws InterruptedException {
        try {
            long startNanos = System.nanoTime();
            List<SourceRecord> polled = task.poll();
            if (polled != null) {
                meter.source().polled(polled.size(), System.nanoTime() - startNanos, newest(polled));
            }
            return polled;
        } catch (RetriableException e) {
            LOGGER.atWarn()
                    .addKeyValue("connector", id.connector())
                    .addKeyValue("task", id.task())
                    .addKeyValue("error", e.toString())
                    .log("poll failed, trying again");
            control.sleep(POLL_RETRY_DELAY);
            return null;
        } catch (RuntimeException e) {
            throw new ConnectException(
                    "poll() of " + task.getClass().getName() + " failed for task " + id + ": " + e, e);
        }
    }

    private static @Nullable Long newest(List<SourceRecord> polled) {
        SourceRecord last = polled.isEmpty() ? null : polled.get(polled.size() - 1);
        return last == null ? null : last.timestamp();
    }

    private void sendAll(List<SourceRecord> polled) throws InterruptedException {
        for (SourceRecord record : polled) {
            ProducerRecord<byte[], byte[]> prepared = records.prepare(record);
            if (prepared == null) {
                sender.drop(record);
            } else if (!sender.send(record, prepared, control)) {
                return; // Told to stop: what is not sent is polled again after the restart.
            }
        }
        if (!polled.isEmpty()) {
            firstBatch.complete();
        }
    }

    private void close(boolean started) {
        if (started) {
            Closing.close(id, "stop() of the plugin", task::stop);
            Closing.close(id, "last offset commit", this::commitLast);
        }
        opened.close();
    }

    /** Waits for what is on its way, within the flush timeout, so that a restart repeats as little as possible. */
    private void commitLast() throws InterruptedException {
        if (sender.healthy()) {
            boolean unused = inFlight.awaitEmpty(services.worker().timeouts().flush());
        }
        boolean committed = commit.run();
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .addKeyValue("offsetsCommitted", committed)
                .log("source task stopped");
    }

    @Override
    public void signalStop() {
        task.stop();
    }

    @Override
    public void abandon() {
        producer.close(Duration.ZERO);
    }
}
