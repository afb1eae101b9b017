/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

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

    /** What is left when the other share is taken away; what of that is not here counts for nothing. */
    public Share without(Share other) {
        SortedSet<ConnectorName> leftConnectors = new TreeSet<>(connectors);
        leftConnectors.removeAll(other.connectors);
        SortedSet<TaskId> leftTasks = new TreeSet<>(tasks);
        leftTasks.removeAll(other.tasks);
        return new Share(leftConnectors, leftTasks);
    }
}
