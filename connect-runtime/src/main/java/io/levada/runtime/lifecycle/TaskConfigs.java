/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.task.TaskPlugins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a connector for the configs of its tasks and makes them fit to be stored. Runs on the connector's thread. */
final class TaskConfigs {
    private static final Logger LOGGER = LoggerFactory.getLogger(TaskConfigs.class);
    private static final List<String> SINK_TOPICS = List.of("topics", "topics.regex");

    private final ConnectorName name;
    private final Map<String, @Nullable String> config;
    private final Map<String, @Nullable String> resolved;

    /**
     * @param config the connector's, as stored
     * @param resolved the same with secrets, which must not be stored
     */
    TaskConfigs(ConnectorName name, Map<String, @Nullable String> config, Map<String, @Nullable String> resolved) {
        this.name = name;
        this.config = config;
        this.resolved = resolved;
    }

    /** The configs, by number. */
    List<Map<String, @Nullable String>> of(Connector plugin) {
        int tasksMax = tasksMax();
        List<Map<String, String>> made = plugin.taskConfigs(tasksMax);
        if (made == null) {
            throw new ConnectException("taskConfigs() of " + plugin.getClass().getName() + " gave null");
        }
        checkCount(made.size(), tasksMax);
        List<Map<String, @Nullable String>> configs = new ArrayList<>();
        for (Map<String, String> one : made) {
            configs.add(storable(plugin, one));
        }
        return configs;
    }

    private Map<String, @Nullable String> storable(Connector plugin, Map<String, String> made) {
        Map<String, @Nullable String> stored = new LinkedHashMap<>(made);
        stored.put(TaskPlugins.TASK_CLASS, plugin.taskClass().getName());
        if (plugin instanceof SinkConnector) {
            for (String key : SINK_TOPICS) {
                if (config.get(key) != null) {
                    stored.put(key, config.get(key));
                }
            }
        }
        // What came out of a config provider goes back to its reference: the topic is no place for a secret.
        config.forEach((key, value) -> {
            if (stored.containsKey(key) && value != null && !value.equals(resolved.get(key))) {
                stored.put(key, value);
            }
        });
        return stored;
    }

    /** KIP-1004. */
    private void checkCount(int made, int tasksMax) {
        if (made <= tasksMax) {
            return;
        }
        String message =
                "The connector " + name + " has generated " + made + " tasks, which is greater than " + tasksMax
                        + ", the maximum number of tasks it is configured to create. This behaviour should be considered a bug"
                        + " and is disallowed; raise tasks.max, or set tasks.max.enforce to false for a connector that cannot be mended.";
        if (Boolean.parseBoolean(Settings.text(resolved, "tasks.max.enforce", "true"))) {
            throw new ConnectException(message);
        }
        LOGGER.atWarn()
                .addKeyValue("connector", name)
                .addKeyValue("tasks", made)
                .addKeyValue("tasksMax", tasksMax)
                .log("connector makes more tasks than tasks.max, let through by tasks.max.enforce=false");
    }

    private int tasksMax() {
        String value = resolved.get("tasks.max");
        try {
            int tasksMax = value == null ? 1 : Integer.parseInt(value.strip());
            if (tasksMax >= 1) {
                return tasksMax;
            }
        } catch (NumberFormatException ignored) {
            // Answered below, as a number out of range is.
        }
        throw new ConfigException("tasks.max", value, "Must be a number, at least 1");
    }
}
