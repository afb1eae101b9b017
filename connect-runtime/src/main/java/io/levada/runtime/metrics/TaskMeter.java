/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.status.State;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.storage.ConverterType;
import org.jspecify.annotations.Nullable;

/**
 * The meter of one life of a task. Its last values stay after the task has ended, until its place is taken by the next life or is given up; what a
 * task that was left behind records then is seen by nobody. Any thread, unless a method says otherwise.
 */
public final class TaskMeter implements AutoCloseable {
    private final Metrics metrics;
    private final TaskId id;
    private final Time time;
    private final StartupMeter startups;
    private final MeterGroup group;
    private final Map<String, MeterGroup> steps = new ConcurrentHashMap<>();
    private final StateClock clock;
    private final Sensor batchSize;
    private final Sensor commitTime;
    private final Sensor commits;
    private final ErrorMeter errors;
    private final AtomicBoolean startTold = new AtomicBoolean();
    /** This and the next two are guarded by this. */
    private @Nullable SourceMeter source;

    private @Nullable SinkMeter sink;
    private boolean closed;
    /** As the REST status says it. */
    private volatile State status;

    TaskMeter(Metrics metrics, TaskId id, ConnectorType type, State status, StartupMeter startups, Time time) {
        this.metrics = metrics;
        this.id = id;
        this.time = time;
        this.startups = startups;
        this.status = status;
        this.group = new MeterGroup(metrics, tags(id));
        this.clock = new StateClock(time.milliseconds());
        group.text(ConnectMetric.TASK_STATUS, () -> this.status.name().toLowerCase(Locale.ROOT));
        group.text(ConnectMetric.TASK_CONNECTOR_TYPE, type.toString());
        group.measured(ConnectMetric.RUNNING_RATIO, (config, now) -> clock.share(State.RUNNING, now));
        group.measured(ConnectMetric.PAUSE_RATIO, (config, now) -> clock.share(State.PAUSED, now));
        this.batchSize = group.spread(ConnectMetric.BATCH_SIZE_MAX, ConnectMetric.BATCH_SIZE_AVG);
        this.commitTime = group.spread(ConnectMetric.COMMIT_TIME_MAX, ConnectMetric.COMMIT_TIME_AVG);
        this.commits = group.outcomes(ConnectMetric.COMMIT_SUCCESSES, ConnectMetric.COMMIT_FAILURES);
        this.errors = new ErrorMeter(group, time);
    }

    private MeterGroup partition(TopicPartition partition) {
        return new MeterGroup(
                metrics,
                "connector",
                id.connector().value(),
                "task",
                Integer.toString(id.task()),
                "topic",
                partition.topic(),
                "partition",
                Integer.toString(partition.partition()));
    }

    private static String[] tags(TaskId id) {
        return new String[] {"connector", id.connector().value(), "task", Integer.toString(id.task())};
    }

    /** What a source task measures; it is there from the first call on. */
    public synchronized SourceMeter source() {
        SourceMeter made = source;
        if (made == null) {
            made = new SourceMeter(group, metrics, batchSize, time);
            source = made;
        }
        return made;
    }

    /** What a sink task measures; it is there from the first call on. */
    public synchronized SinkMeter sink() {
        SinkMeter made = sink;
        if (made == null) {
            made = new SinkMeter(group, metrics, batchSize, this::partition, time);
            sink = made;
        }
        return made;
    }

    /** What goes wrong with its records. */
    public ErrorMeter errors() {
        return errors;
    }

    /** The plugin is started, or goes on after a pause. */
    public void running() {
        clock.enter(State.RUNNING, time.milliseconds());
        tellStart(true);
    }

    /** The task keeps still, as asked. */
    public void paused() {
        clock.enter(State.PAUSED, time.milliseconds());
    }

    /** The task has come to grief. */
    public void failed() {
        clock.enter(State.FAILED, time.milliseconds());
        tellStart(false);
    }

    private void tellStart(boolean success) {
        if (startTold.compareAndSet(false, true)) {
            startups.task(success);
        }
    }

    /** Offsets were committed, or could not be. */
    public void committed(long nanos, boolean success) {
        long nowMs = time.milliseconds();
        if (success) {
            commitTime.record(nanos / 1e6, nowMs);
        }
        commits.record(success ? 1 : 0, nowMs);
    }

    /** What the task is made of. */
    public void connector(String className, String version) {
        group.text(ConnectMetric.TASK_CONNECTOR_CLASS, className);
        group.text(ConnectMetric.TASK_CONNECTOR_VERSION, version);
    }

    /**
     * As above.
     *
     * @param version null if the task says none, which is what the metric then gives, as Kafka Connect's does
     */
    public void task(String className, @Nullable String version) {
        group.text(ConnectMetric.TASK_CLASS, className);
        group.text(ConnectMetric.TASK_VERSION, version);
    }

    /** As above. */
    public void converter(ConverterType part, String className, String version) {
        switch (part) {
            case KEY -> {
                group.text(ConnectMetric.KEY_CONVERTER_CLASS, className);
                group.text(ConnectMetric.KEY_CONVERTER_VERSION, version);
            }
            case VALUE -> {
                group.text(ConnectMetric.VALUE_CONVERTER_CLASS, className);
                group.text(ConnectMetric.VALUE_CONVERTER_VERSION, version);
            }
            case HEADER -> {
                group.text(ConnectMetric.HEADER_CONVERTER_CLASS, className);
                group.text(ConnectMetric.HEADER_CONVERTER_VERSION, version);
            }
        }
    }

    /** As above, under its alias. */
    public void transform(String alias, String className, String version) {
        MeterGroup own = step("transform", alias);
        own.text(ConnectMetric.TRANSFORM_CLASS, className);
        own.text(ConnectMetric.TRANSFORM_VERSION, version);
    }

    /** As above, under its alias. */
    public void predicate(String alias, String className, String version) {
        MeterGroup own = step("predicate", alias);
        own.text(ConnectMetric.PREDICATE_CLASS, className);
        own.text(ConnectMetric.PREDICATE_VERSION, version);
    }

    private synchronized MeterGroup step(String tag, String alias) {
        MeterGroup made = new MeterGroup(
                metrics, "connector", id.connector().value(), "task", Integer.toString(id.task()), tag, alias);
        if (closed) {
            made.close();
        }
        MeterGroup before = steps.put(tag + ' ' + alias, made);
        if (before != null) {
            before.close();
        }
        return made;
    }

    TaskId id() {
        return id;
    }

    State status() {
        return status;
    }

    void status(State said) {
        status = said;
    }

    @Override
    public synchronized void close() {
        closed = true;
        group.close();
        steps.values().forEach(MeterGroup::close);
        if (sink != null) {
            sink.close();
        }
    }
}
