/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What one member runs. */
public record Share(SortedSet<ConnectorName> connectors, SortedSet<TaskId> tasks) {
    /** Nothing. */
    public static final Share NONE = new Share(new TreeSet<>(), new TreeSet<>());

    public Share {
        connectors = Collections.unmodifiableSortedSet(new TreeSet<>(connectors));
        tasks = Collections.unmodifiableSortedSet(new TreeSet<>(tasks));
    }

    /** All that is to be run under a config. */
    public static Share of(ClusterConfig config) {
        SortedSet<TaskId> tasks = new TreeSet<>();
        config.connectors().keySet().forEach(name -> tasks.addAll(config.tasks(name)));
        return new Share(new TreeSet<>(config.connectors().keySet()), tasks);
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return connectors.isEmpty() && tasks.isEmpty();
    }

    /** Both together. */
    public Share with(Share other) {
        SortedSet<ConnectorName> allConnectors = new TreeSet<>(connectors);
        allConnectors.addAll(other.connectors);
        SortedSet<TaskId> allTasks = new TreeSet<>(tasks);
        allTasks.addAll(other.tasks);
        return new Share(allConnectors, allTasks);
    }

    /** What is left when the other share is taken away; what of that is not here counts for nothing. */
    public Share without(Share other) {
        SortedSet<ConnectorName> leftConnectors = new TreeSet<>(connectors);
        leftConnectors.removeAll(other.connectors);
        SortedSet<TaskId> leftTasks = new TreeSet<>(tasks);
        leftTasks.removeAll(other.tasks);
        return new Share(leftConnectors, leftTasks);
    }
}
