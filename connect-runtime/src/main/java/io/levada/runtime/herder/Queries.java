/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.State;
import io.levada.runtime.status.Status;
import io.levada.runtime.status.StatusStore;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers from what the stores hold, without changing anything. Any thread. */
final class Queries {
    private final Supplier<ClusterConfig> config;
    private final StatusStore statuses;
    private final Plugins plugins;
    private final String workerId;

    /** @param workerId of this worker, {@code host:port} */
    Queries(Supplier<ClusterConfig> config, StatusStore statuses, Plugins plugins, String workerId) {
        this.config = config;
        this.statuses = statuses;
        this.plugins = plugins;
        this.workerId = workerId;
    }

    List<ConnectorName> connectors() {
        return List.copyOf(config.get().connectors().keySet());
    }

    boolean exists(ConnectorName name) {
        return config.get().connectors().containsKey(name);
    }

    boolean exists(TaskId id) {
        return config.get().task(id).isPresent();
    }

    ClusterConfig.Entry entry(ConnectorName name) {
        return config.get()
                .connector(name)
                .orElseThrow(() -> new ConnectorNotFoundException("Connector " + name + " not found"));
    }

    ConnectorInfo info(ConnectorName name) {
        Map<String, @Nullable String> stored = entry(name).config();
        return new ConnectorInfo(name, stored, config.get().tasks(name), type(stored));
    }

    /**
     * Unassigned until something is said of the connector. Not found as soon as it is deleted: the status topic hears of that a little
     * later.
     */
    ConnectorStatus status(ConnectorName name) {
        if (!exists(name)) {
            throw new ConnectorNotFoundException("No status found for connector " + name);
        }
        ReportedState connector = statuses.connector(name)
                .map(Queries::reported)
                .orElseGet(() -> new ReportedState(State.UNASSIGNED.name(), workerId, null, null));
        List<TaskStatus> tasks = statuses.tasks(name).entrySet().stream()
                .map(task -> new TaskStatus(task.getKey().task(), reported(task.getValue())))
                .toList();
        return new ConnectorStatus(
                name,
                connector,
                tasks,
                config.get().connector(name).map(entry -> type(entry.config())).orElse(ConnectorType.UNKNOWN));
    }

    List<TaskInfo> tasks(ConnectorName name) {
        List<Map<String, @Nullable String>> configs = entry(name).tasks();
        return config.get().tasks(name).stream()
                .map(id -> new TaskInfo(id, configs.get(id.task())))
                .toList();
    }

    TaskStatus taskStatus(TaskId id) {
        return statuses.task(id)
                .filter(status -> exists(id.connector()))
                .map(status -> new TaskStatus(id.task(), reported(status)))
                .orElseThrow(() -> new ConnectorNotFoundException("No status found for task " + id));
    }

    ConnectorType type(Map<String, @Nullable String> stored) {
        PluginChoice connector = PluginChoice.ofConnector(stored);
        return connector == null ? ConnectorType.UNKNOWN : plugins.type(connector);
    }

    static ReportedState reported(Status status) {
        return new ReportedState(status.state().name(), status.workerId(), status.trace(), status.version());
    }
}
