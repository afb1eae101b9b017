/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the config topic says at one moment.
 *
 * @param connectors every connector that has a config, sorted by name
 * @param taskCounts how many tasks a connector had when its earlier ones were last fenced (KIP-618); also of connectors that are gone
 * @param pendingFencing connectors whose task configs are newer than that
 * @param offset of the last record of the config topic that is in this, -1 if there is none
 */
public record ClusterConfig(
        SortedMap<ConnectorName, Entry> connectors,
        Map<ConnectorName, Integer> taskCounts,
        Set<ConnectorName> pendingFencing,
        long offset) {
    /** Nothing yet. */
    public static final ClusterConfig EMPTY = new ClusterConfig(new TreeMap<>());

    public ClusterConfig {
        connectors = Collections.unmodifiableSortedMap(new TreeMap<>(connectors));
        taskCounts = Map.copyOf(taskCounts);
        pendingFencing = Set.copyOf(pendingFencing);
    }

    /** Connectors alone, by a topic that nothing is known of. */
    public ClusterConfig(SortedMap<ConnectorName, Entry> connectors) {
        this(connectors, Map.of(), Set.of(), -1);
    }

    /**
     * One connector.
     *
     * @param config as written
     * @param target what it should be; STARTED unless somebody wished otherwise
     * @param tasks configs of its tasks by number, complete and in order; empty if there are none or some are missing
     * @param appliedConfig the config from which the task configs were made; null if it is not known, or if there are none
     */
    public record Entry(
            Map<String, @Nullable String> config,
            TargetState target,
            List<Map<String, @Nullable String>> tasks,
            @Nullable Map<String, @Nullable String> appliedConfig) {
        public Entry {
            config = NullableValues.copyOf(config);
            tasks = tasks.stream().map(NullableValues::copyOf).toList();
        }
    }

    /** The connector of that name, if there is one. */
    public Optional<Entry> connector(ConnectorName name) {
        return Optional.ofNullable(connectors.get(name));
    }

    /** The ids of a connector's tasks, in order; none if there is no such connector. */
    public List<TaskId> tasks(ConnectorName name) {
        Entry entry = connectors.get(name);
        return entry == null
                ? List.of()
                : IntStream.range(0, entry.tasks().size()).mapToObj(name::task).toList();
    }

    /** The config of one task, if there is one. */
    public Optional<Map<String, @Nullable String>> task(TaskId id) {
        return connector(id.connector())
                .filter(entry -> id.task() >= 0 && id.task() < entry.tasks().size())
                .map(entry -> entry.tasks().get(id.task()));
    }
}
