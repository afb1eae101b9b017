/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.status.State;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/** The meters of a connector's tasks on this worker, and how many of them are in which state. Changed under the lock of its owner. */
final class ConnectorTasks implements AutoCloseable {
    private final Map<TaskId, TaskMeter> tasks = new ConcurrentHashMap<>();
    private final MeterGroup group;

    ConnectorTasks(Metrics metrics, ConnectorName connector) {
        this.group = new MeterGroup(metrics, "connector", connector.value());
        group.whole(ConnectMetric.TASKS_TOTAL, () -> (long) tasks.size());
        count(ConnectMetric.TASKS_RUNNING, State.RUNNING);
        count(ConnectMetric.TASKS_PAUSED, State.PAUSED);
        count(ConnectMetric.TASKS_FAILED, State.FAILED);
        count(ConnectMetric.TASKS_UNASSIGNED, State.UNASSIGNED);
        count(ConnectMetric.TASKS_DESTROYED, State.DESTROYED);
        count(ConnectMetric.TASKS_RESTARTING, State.RESTARTING);
    }

    private void count(ConnectMetric metric, State state) {
        group.whole(
                metric,
                () -> tasks.values().stream()
                        .filter(task -> task.status() == state)
                        .count());
    }

    @Nullable
    TaskMeter get(TaskId id) {
        return tasks.get(id);
    }

    void put(TaskMeter meter) {
        tasks.put(meter.id(), meter);
    }

    @Nullable
    TaskMeter remove(TaskId id) {
        return tasks.remove(id);
    }

    int size() {
        return tasks.size();
    }

    @Override
    public void close() {
        tasks.values().forEach(TaskMeter::close);
        group.close();
    }
}
