/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plan;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that a worker runs or should run. */
public record Work(SortedMap<ConnectorName, ConnectorWork> connectors, SortedMap<TaskId, TaskWork> tasks) {
    public Work {
        connectors = Collections.unmodifiableSortedMap(new TreeMap<>(connectors));
        tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
    }

    /** What a share means under a config. Tasks of a stopped connector are not run, even if their configs are there. */
    public static Work of(Share share, ClusterConfig config) {
        SortedMap<ConnectorName, ConnectorWork> connectors = new TreeMap<>();
        SortedMap<TaskId, TaskWork> tasks = new TreeMap<>();
        share.connectors()
                .forEach(name -> config.connector(name)
                        .ifPresent(entry -> connectors.put(name, new ConnectorWork(entry.config(), entry.target()))));
        share.tasks()
                .forEach(id -> config.connector(id.connector())
                        .filter(entry -> entry.target() != TargetState.STOPPED)
                        .ifPresent(entry -> config.task(id)
                                .ifPresent(taskConfig -> tasks.put(
                                        id,
                                        new TaskWork(
                                                entry.appliedConfig() == null ? entry.config() : entry.appliedConfig(),
                                                taskConfig,
                                                entry.target() == TargetState.PAUSED)))));
        return new Work(connectors, tasks);
    }
}
