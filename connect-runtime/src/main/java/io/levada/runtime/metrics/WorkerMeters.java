/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.State;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * Kafka Connect's metrics of one worker, in Kafka's own registry: over JMX as {@code kafka.connect:type=...} and to the worker's
 * {@code metric.reporters}. It keeps one meter for each connector and task that has a place on the worker: a life takes the place of the one before,
 * and the last values of one that has ended, or failed, stay until then. Safe for use by any thread.
 */
public final class WorkerMeters implements AutoCloseable {
    private final Metrics metrics;
    private final Time time;
    private final String workerId;
    private final PluginMeters plugins;
    private final StartupMeter startups;
    private final RebalanceMeter rebalances;
    /** Changed under this object's lock. */
    private final Map<ConnectorName, ConnectorMeter> connectors = new ConcurrentHashMap<>();
    /** Changed under this object's lock. */
    private final Map<ConnectorName, ConnectorTasks> tasks = new ConcurrentHashMap<>();

    WorkerMeters(Metrics metrics, String workerId, Time time) {
        this.metrics = metrics;
        this.workerId = workerId;
        this.time = time;
        this.plugins = new PluginMeters(metrics);
        this.startups = new StartupMeter(
                metrics,
                connectors::size,
                () -> tasks.values().stream().mapToInt(ConnectorTasks::size).sum());
        this.rebalances = new RebalanceMeter(metrics, time);
        AppInfoParser.registerAppInfo(Reporters.JMX_DOMAIN, workerId, metrics, time.milliseconds());
    }

    /** Shown over JMX alone. */
    public static WorkerMeters overJmx(String workerId) {
        return new WorkerMeters(Reporters.jmxAlone(), workerId, Time.SYSTEM);
    }

    /** Throws {@link ConfigException} if a class that {@code metric.reporters} names is not there, or no reporter; opens none. */
    public static void checkReporters(WorkerConfig worker, Plugins plugins) {
        Reporters.check(worker, plugins);
    }

    /** Shown by the reporters that the worker's {@code metric.reporters} names; throws {@link ConfigException} if one fails. */
    public static WorkerMeters of(WorkerConfig worker, Plugins plugins, String clusterId, String workerId) {
        return new WorkerMeters(Reporters.of(worker, plugins, clusterId, workerId), workerId, Time.SYSTEM);
    }

    /** What plugins measure of themselves. */
    public PluginMeters plugins() {
        return plugins;
    }

    /** What this worker sees of its group. */
    public RebalanceMeter rebalances() {
        return rebalances;
    }

    /** The meter of a new life of a connector. */
    public synchronized ConnectorMeter begin(ConnectorName name) {
        ConnectorMeter before = connectors.get(name);
        if (before != null) {
            before.close();
        }
        State status = before == null ? State.UNASSIGNED : before.status();
        ConnectorMeter meter = new ConnectorMeter(metrics, name, status, startups);
        connectors.put(name, meter);
        return meter;
    }

    /** The meter of a new life of a task. */
    public synchronized TaskMeter begin(TaskId id, ConnectorType type) {
        ConnectorTasks siblings =
                tasks.computeIfAbsent(id.connector(), connector -> new ConnectorTasks(metrics, connector));
        TaskMeter before = siblings.get(id);
        if (before != null) {
            before.close();
        }
        State status = before == null ? State.UNASSIGNED : before.status();
        TaskMeter meter = new TaskMeter(metrics, id, type, status, startups, time);
        siblings.put(meter);
        return meter;
    }

    /** A connector has no place here any more. */
    public synchronized void remove(ConnectorName name) {
        ConnectorMeter meter = connectors.remove(name);
        if (meter != null) {
            meter.close();
        }
    }

    /** A task has no place here any more. */
    public synchronized void remove(TaskId id) {
        ConnectorTasks siblings = tasks.get(id.connector());
        TaskMeter meter = siblings == null ? null : siblings.remove(id);
        if (meter != null) {
            meter.close();
        }
        if (siblings != null && siblings.size() == 0) {
            tasks.remove(id.connector());
            siblings.close();
        }
    }

    /** The status of a connector is now this. */
    public void status(ConnectorName name, State state) {
        ConnectorMeter meter = connectors.get(name);
        if (meter != null) {
            meter.status(state);
        }
    }

    /** The status of a task is now this. */
    public void status(TaskId id, State state) {
        ConnectorTasks siblings = tasks.get(id.connector());
        @Nullable TaskMeter meter = siblings == null ? null : siblings.get(id);
        if (meter != null) {
            meter.status(state);
        }
    }

    /** All there is. */
    Iterable<KafkaMetric> all() {
        return metrics.metrics().values();
    }

    @Override
    public void close() {
        AppInfoParser.unregisterAppInfo(Reporters.JMX_DOMAIN, workerId, metrics);
        metrics.close();
    }
}
