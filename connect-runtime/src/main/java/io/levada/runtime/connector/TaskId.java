/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

import java.util.Comparator;
import java.util.Objects;

/**
 * One task of a connector; prints as Kafka Connect prints it, {@code name-number}.
 *
 * @param connector whose task it is
 * @param task its number, from zero; negative only in a request that will find nothing
 */
public record TaskId(ConnectorName connector, int task) implements Comparable<TaskId> {
    private static final Comparator<TaskId> ORDER =
            Comparator.comparing(TaskId::connector).thenComparingInt(TaskId::task);

    public TaskId {
        Objects.requireNonNull(connector, "a task needs a connector");
    }

    @Override
    public int compareTo(TaskId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return connector + "-" + task;
    }
}
