/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Folds records of the config topic into what they say together. Any order is taken, as compaction leaves it: task
 * configs before their connector, a commit whose tasks are gone, tasks of a connector that was deleted. Task configs
 * count only once a commit record confirms all of them, so that nobody runs half a change.
 *
 * <p>Owned by one thread.
 */
final class ConfigFold {
    private final Map<ConnectorName, Map<String, @Nullable String>> configs = new HashMap<>();
    private final Map<ConnectorName, TargetState> targets = new HashMap<>();
    private final Map<TaskId, Map<String, @Nullable String>> written = new HashMap<>();
    private final Map<ConnectorName, List<Map<String, @Nullable String>>> committed = new HashMap<>();
    private final Map<ConnectorName, Map<String, @Nullable String>> applied = new HashMap<>();
    /** Kept when the connector is deleted: its tasks may still be there somewhere. */
    private final Map<ConnectorName, Integer> taskCounts = new HashMap<>();

    private final Set<ConnectorName> pendingFencing = new HashSet<>();
    private @Nullable SessionKey sessionKey;

    /**
     * Takes one record.
     *
     * @return a request to restart, if the record is one
     * @throws DataException if the record makes no sense; the fold is as it was before
     */
    Optional<RestartRequest> apply(String key, byte @Nullable [] value) {
        if (key.startsWith(ConfigKeys.RESTART)) {
            return value == null ? Optional.empty() : Optional.of(restart(key, value));
        }
        if (key.startsWith(ConfigKeys.TARGET_STATE)) {
            target(ConfigKeys.nameAfter(ConfigKeys.TARGET_STATE, key), value);
        } else if (key.startsWith(ConfigKeys.CONNECTOR)) {
            connector(ConfigKeys.nameAfter(ConfigKeys.CONNECTOR, key), value);
        } else if (key.startsWith(ConfigKeys.COMMIT)) {
            commit(ConfigKeys.nameAfter(ConfigKeys.COMMIT, key), value);
        } else if (key.startsWith(ConfigKeys.FENCING)) {
            taskCount(ConfigKeys.nameAfter(ConfigKeys.FENCING, key), value);
        } else if (key.startsWith(ConfigKeys.TASK)) {
            ConfigKeys.taskOf(key).ifPresent(id -> task(id, value));
        } else if (key.equals(ConfigKeys.SESSION_KEY)) {
            sessionKey = value == null ? null : ConfigValues.sessionKeyOf(value);
        }
        // What later versions add is nobody's config.
        return Optional.empty();
    }

    /** @param offset of the last record that was taken, or skipped; -1 if there is none */
    ClusterConfig snapshot(long offset) {
        SortedMap<ConnectorName, ClusterConfig.Entry> entries = new TreeMap<>();
        configs.forEach((name, config) -> entries.put(
                name,
                new ClusterConfig.Entry(
                        config,
                        targets.getOrDefault(name, TargetState.STARTED),
                        committed.getOrDefault(name, List.of()),
                        applied.get(name))));
        return new ClusterConfig(entries, taskCounts, pendingFencing, offset);
    }

    /** The newest key that signs calls between workers; null if there is none. */
    @Nullable
    SessionKey sessionKey() {
        return sessionKey;
    }

    private static RestartRequest restart(String key, byte[] value) {
        return new RestartRequest(
                ConfigKeys.nameAfter(ConfigKeys.RESTART, key),
                ConfigValues.flag(value, "only-failed"),
                ConfigValues.flag(value, "include-tasks"));
    }

    private void connector(ConnectorName name, byte @Nullable [] value) {
        if (value == null) {
            configs.remove(name);
            targets.remove(name);
            committed.remove(name);
            applied.remove(name);
            written.keySet().removeIf(id -> id.connector().equals(name));
        } else {
            Map<String, @Nullable String> config = ConfigValues.propertiesOf(value);
            configs.put(name, config);
            if (!committed.getOrDefault(name, List.of()).isEmpty()) {
                // Where compaction took the config that its tasks were made of, this one is what they run with: a
                // later one counts for them when it has made task configs, as ever.
                applied.putIfAbsent(name, config);
            }
        }
    }

    private void target(ConnectorName name, byte @Nullable [] value) {
        if (value == null) {
            targets.remove(name);
        } else {
            targets.put(name, ConfigValues.targetOf(value));
        }
    }

    private void task(TaskId id, byte @Nullable [] value) {
        if (value == null) {
            written.remove(id);
        } else if (id.task() >= ConfigValues.TASKS_MAX) {
            throw new DataException(
                    "task " + id + " is beyond the " + ConfigValues.TASKS_MAX + " that a connector can have");
        } else {
            written.put(id, ConfigValues.propertiesOf(value));
        }
    }

    private void taskCount(ConnectorName name, byte @Nullable [] value) {
        if (value == null) {
            taskCounts.remove(name);
        } else {
            taskCounts.put(name, ConfigValues.taskCountOf(value));
            pendingFencing.remove(name);
        }
    }

    private void commit(ConnectorName name, byte @Nullable [] value) {
        if (value == null) {
            committed.remove(name);
            applied.remove(name);
            pendingFencing.remove(name);
            return;
        }
        int tasks = ConfigValues.tasksOf(value); // before anything is changed, as it may make no sense
        pendingFencing.add(name);
        List<Map<String, @Nullable String>> all = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            Map<String, @Nullable String> config = written.get(name.task(task));
            if (config == null) {
                // Compacted away or never written: no tasks until the connector makes their configs anew.
                all.clear();
                break;
            }
            all.add(config);
        }
        Map<String, @Nullable String> made = configs.get(name);
        committed.put(name, List.copyOf(all));
        if (made == null || all.size() != tasks) {
            applied.remove(name);
        } else {
            applied.put(name, made);
        }
    }
}
