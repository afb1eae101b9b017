/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Optional;

/** Keys of the config topic, as Kafka Connect spells them. */
final class ConfigKeys {
    static final String CONNECTOR = "connector-";
    static final String TASK = "task-";
    static final String COMMIT = "commit-";
    static final String TARGET_STATE = "target-state-";
    static final String FENCING = "tasks-fencing-";
    static final String RESTART = "restart-connector-";
    static final String LOGGER_LEVEL = "logger-cluster-";
    static final String SESSION_KEY = "session-key";

    private ConfigKeys() {}

    static String connector(ConnectorName name) {
        return CONNECTOR + name;
    }

    static String task(TaskId id) {
        return TASK + id;
    }

    static String commit(ConnectorName name) {
        return COMMIT + name;
    }

    static String targetState(ConnectorName name) {
        return TARGET_STATE + name;
    }

    static String fencing(ConnectorName name) {
        return FENCING + name;
    }

    static String restart(ConnectorName name) {
        return RESTART + name;
    }

    static String level(String logger) {
        return LOGGER_LEVEL + logger;
    }

    static ConnectorName nameAfter(String prefix, String key) {
        return new ConnectorName(key.substring(prefix.length()));
    }

    /** The task of a key {@code task-<name>-<number>}; names may hold dashes themselves. */
    static Optional<TaskId> taskOf(String key) {
        String id = key.substring(TASK.length());
        int dash = id.lastIndexOf('-');
        if (dash < 0
                || dash == id.length() - 1
                || !id.substring(dash + 1).chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ConnectorName(id.substring(0, dash)).task(Integer.parseInt(id.substring(dash + 1))));
        } catch (NumberFormatException ignored) {
            return Optional.empty(); // Too long for a number: not a task of ours.
        }
    }
}
