/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.task.TaskPlugins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.jspecify.annotations.Nullable;

/** Asks a connector for the configs of its tasks and makes them fit to be stored. Runs on the connector's thread. */
final class TaskConfigs {
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
        TasksMax tasksMax = TasksMax.of(name, resolved);
        List<Map<String, String>> made = plugin.taskConfigs(tasksMax.tasks());
        if (made == null) {
            throw new ConnectException("taskConfigs() of " + plugin.getClass().getName() + " gave null");
        }
        tasksMax.check(made.size());
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
}
