/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.metrics.SinkMeter;
import io.levada.runtime.metrics.TaskMeter;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sink task at work: construct the parts, start the plugin, consume and put until told to stop, close in reverse. */
public final class SinkLoop implements TaskLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(SinkLoop.class);

    private final TaskId id;
    private final TaskLog log;
    private final TaskControl control;
    private final TaskListener listener;
    private final TaskServices services;
    private final TaskPlugins plugins;
    private final Map<String, @Nullable String> config;
    private final SinkTask task;
    private final @Nullable String version;
    private final PendingReports pendingReports = new PendingReports();
    private final SinkRecords records;
    private final Consumer<byte[], byte[]> consumer;
    private final ConsumerLease lease;
    private final Progress progress = new Progress();
    private final SinkContext context;
    private final CommitWatch commits;
    private final SinkCommit commit;
    private final SinkBatch batch;
    private final OwnPluginMetrics metrics;
    private final TaskMeter meter;
    private final Opened opened;
    private long nextCommitNanos;
    private boolean paused;
    /** Whether the group has given it its partitions. */
    private boolean joined;
    /** Whether the plugin has taken a record in this life. */
    private boolean hasPut;
    /** Whether that was reported. */
    private boolean hasWorked;

    /**
     * Makes the plugin objects and the consumer; starts nothing.
     *
     * @param plugins closed by this loop in the end
     */
    public SinkLoop(
            TaskSpec spec, TaskControl control, TaskListener listener, TaskServices services, TaskPlugins plugins) {
        this(spec, control, listener, services, plugins, KafkaConsumer::new);
    }

    SinkLoop(
            TaskSpec spec,
            TaskControl control,
            TaskListener listener,
            TaskServices services,
            TaskPlugins plugins,
            Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers) {
        this.id = spec.id();
        this.control = control;
        this.listener = listener;
        this.services = services;
        this.plugins = plugins;
        this.meter = plugins.meter();
        Map<String, @Nullable String> connector =
                services.secrets().resolveForTask(id.connector(), spec.connectorConfig(), spec.connectorConfig());
        this.config = services.secrets().resolveForTask(id.connector(), spec.connectorConfig(), spec.taskConfig());
        Resolved fromProviders =
                Resolved.between(spec.connectorConfig(), connector).and(Resolved.between(spec.taskConfig(), config));
        listener.onResolved(fromProviders);
        plugins.onResolved(fromProviders);
        this.log = new TaskLog(id, fromProviders);
        ErrorSettings errors = ErrorSettings.from(connector, services.worker().embedsBroker());
        this.task = plugins.task(config, SinkTask.class);
        this.version = plugins.taskVersion();
        this.opened = new Opened(log);
        Reports reports;
        FailurePolicy policy;
        try {
            this.metrics =
                    opened.add("plugin metrics", services.meters().plugins().ofTask(id));
            reports = opened.add(
                    "error reports",
                    Reports.ofSink(errors, id, services.clients(), connector, log::hidden, meter.errors()));
            policy = new FailurePolicy(id, errors, reports, control, pendingReports::add, meter.errors());
            opened.add("transforms and converters", plugins);
            this.records = new SinkRecords(
                    TransformChain.open(plugins, connector),
                    Converters.open(plugins, services.worker(), connector),
                    policy);
            this.consumer = consumers.apply(services.clients().sinkConsumer(id, connector));
            this.lease = opened.add("consumer", new ConsumerLease(consumer));
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
        this.context = new SinkContext(
                new CurrentConfig(spec, services.secrets(), config, fromProviders, all -> {
                    log.onResolved(all);
                    plugins.onResolved(all);
                    listener.onResolved(all);
                }),
                reports.any() ? new ReportedRecords(id, task.getClass().getName(), policy) : null,
                consumer,
                metrics);
        Duration flushTimeout = services.worker().timeouts().flush();
        this.commits = new CommitWatch(log, meter, flushTimeout, control.threads()::nanoTime);
        this.commit =
                new SinkCommit(log, task, lease, progress, pendingReports, flushTimeout, commits, this::committed);
        this.batch = new SinkBatch(log, task, records, progress, meter.sink());
    }

    @Override
    public @Nullable String version() {
        return version;
    }

    @Override
    public void run() throws Exception {
        control.onChange(consumer::wakeup);
        boolean started = false;
        try {
            if (!control.stopping()) {
                started = true;
                start();
                workUntilStopped();
            }
        } finally {
            close(started);
        }
    }

    private void start() {
        Subscription subscription = new Subscription(config);
        if (id.task() == 0) {
            MissingTopics.tell(id, subscription, consumer);
        }
        subscription.apply(
                consumer,
                new JoinListener(
                        new SinkRebalance(
                                id, lease, task, progress, context, commit, batch, meter.sink(), this::beforeReading),
                        this::joined));
        task.initialize(plugins.sinkContext(context, consumer));
        task.start(config);
        scheduleCommit();
        if (control.paused()) {
            pause();
        } else {
            listener.onRunning(version);
        }
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .log("sink task started");
    }

    private void workUntilStopped() throws InterruptedException {
        while (!control.stopping()) {
            try {
                iterate();
            } catch (WakeupException ignored) {
                // Told to stop, pause, resume or commit: the next round does it.
            }
        }
    }

    private void iterate() throws InterruptedException {
        if (control.paused() != paused) {
            if (paused) {
                resume();
            } else {
                pause();
            }
        }
        if (context.takeCommitRequest() || nextCommitNanos - control.threads().nanoTime() <= 0) {
            scheduleCommit();
            commit.later();
        }
        beforeReading();
        ConsumerRecords<byte[], byte[]> polled = poll();
        commits.check();
        if (!joined && consumer.groupMetadata().generationId() > 0) {
            joined(); // Of a consumer that says nothing of an assignment without partitions.
        }
        trackTopics(polled);
        batch.add(polled);
        boolean taken = batch.put();
        tellProgress();
        if (taken && !hasPut) {
            hasPut = true;
            forgetEarlyOffsets();
            if (listener.onProbation()) {
                commit.later(); // Somebody waits to hear whether it works now, and that is known by a commit.
            }
        }
    }

    /** Before a poll, and in it as soon as partitions are opened: the same poll may bring their first records. */
    private void beforeReading() {
        rewind();
        holdBack();
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        long askedMs = context.takeTimeoutMs();
        try {
            return consumer.poll(pollTimeout(askedMs));
        } catch (WakeupException e) {
            context.keepTimeoutMs(askedMs); // Also the commit that a task asks for wakes it up.
            throw e;
        }
    }

    /** It has its partitions, even if these are none. Called inside the consumer's poll, which comes back with records alone, or when its time is over. */
    private void joined() {
        if (!joined) {
            joined = true;
            if (!paused) {
                listener.onReady();
            }
        }
    }

    /** Offsets of what was put are committed: the task has agreed that its records are where they should be. */
    private void committed() {
        tellProgress();
        if (hasPut && !hasWorked) {
            hasWorked = true;
            listener.onWorked();
        }
    }

    private void tellProgress() {
        SinkMeter sink = meter.sink();
        progress.tell(sink);
        if (sink.wantsEnds()) {
            progress.tellEnds(sink, consumer);
        }
    }

    private void scheduleCommit() {
        nextCommitNanos = control.threads().nanoTime()
                + services.worker().timeouts().flushInterval().toNanos();
    }

    private void pause() {
        paused = true;
        consumer.pause(consumer.assignment());
        listener.onPaused(version);
        context.requestCommit();
    }

    private void resume() {
        paused = false;
        listener.onRunning(version);
        if (joined) {
            listener.onReady();
        }
    }

    /** Goes where the task wants to go on. */
    private void rewind() {
        Set<TopicPartition> others = new HashSet<>();
        context.takeOffsets().forEach((partition, offset) -> {
            if (consumer.assignment().contains(partition)) {
                LOGGER.atInfo()
                        .addKeyValue("connector", id.connector())
                        .addKeyValue("task", id.task())
                        .addKeyValue("partition", partition)
                        .addKeyValue("offset", offset)
                        .log("task asks to go on from here");
                consumer.seek(partition, offset);
                progress.ask(partition, offset);
            } else {
                others.add(partition);
            }
        });
        if (!others.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("connector", id.connector())
                    .addKeyValue("task", id.task())
                    .addKeyValue("partitions", others)
                    .log("task asks to go on elsewhere in partitions that it does not have, which is ignored");
        }
    }

    /** Places asked for in start() hold until the task works: a partition that comes later may have been somebody else's, who has gone on in it. */
    private void forgetEarlyOffsets() {
        Set<TopicPartition> forgotten = context.forgetEarly();
        if (!forgotten.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("connector", id.connector())
                    .addKeyValue("task", id.task())
                    .addKeyValue("partitions", forgotten)
                    .log(
                            "task asked in start() to go on elsewhere in partitions that it did not have when it was given its first records, which is"
                                    + " ignored from now on");
        }
    }

    /** Pauses what must not be read now, so that polling keeps the membership and the memory stays bounded. */
    private void holdBack() {
        Set<TopicPartition> assigned = consumer.assignment();
        Set<TopicPartition> hold = new HashSet<>(paused || batch.waits() ? assigned : context.paused());
        hold.retainAll(assigned);
        if (!hold.equals(consumer.paused())) {
            Collection<TopicPartition> resume = new HashSet<>(consumer.paused());
            resume.removeAll(hold);
            consumer.resume(resume);
            consumer.pause(hold);
        }
    }

    private Duration pollTimeout(long askedMs) {
        Duration untilCommit =
                Duration.ofNanos(Math.max(0, nextCommitNanos - control.threads().nanoTime()));
        // Who says when to be called again is not called sooner because a commit is on its way, which is looked after
        // then.
        Duration asked = askedMs > 0 ? Duration.ofMillis(askedMs) : batch.waits() ? batch.delay() : commits.patience();
        return asked.compareTo(untilCommit) < 0 ? asked : untilCommit;
    }

    private void trackTopics(ConsumerRecords<byte[], byte[]> polled) {
        if (services.worker().topicRules().tracking()) {
            polled.partitions().forEach(partition -> services.statuses().putTopic(partition.topic(), id));
        }
    }

    private void close(boolean started) {
        if (started) {
            listener.onClosing();
            Closing.close(log, "last offset commit", this::handOver);
            Closing.close(log, "stop() of the plugin", task::stop);
        }
        opened.close();
    }

    private void handOver() throws InterruptedException {
        Set<TopicPartition> owned = progress.partitions();
        try {
            commit.handOver(owned);
        } finally {
            progress.removed(owned);
        }
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .log("sink task stopped");
    }

    /**
     * A sink is not told: it is stopped once, by its own thread, after its last put, preCommit and close. What it keeps in memory
     * would be gone otherwise, and its offsets committed.
     */
    @Override
    public void signalStop() {}

    @Override
    public void fence() {
        lease.end();
    }

    @Override
    public void abandon() {
        lease.take();
    }
}
