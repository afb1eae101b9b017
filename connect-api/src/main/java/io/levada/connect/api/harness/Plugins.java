/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.connector.Task;

/** The first steps of a connector's life, the same for sources and sinks: validate, start, plan tasks, make them. */
public final class Plugins {
    private Plugins() {}

    /** The problems {@code connector} finds in {@code config}, in the order of its options; empty when it may start. */
    public static List<String> problems(Connector connector, Map<String, String> config) {
        return connector.validate(config).configValues().stream()
                .map(ConfigValue::errorMessages)
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Validates, starts the connector and asks it for its tasks.
     *
     * @return the configuration of each task, at most {@code tasks.max} (default 1)
     * @throws ConfigException with every problem, one a line
     */
    static List<Map<String, String>> start(Connector connector, ConnectorContext context, Map<String, String> config) {
        List<String> problems = problems(connector, config);
        if (!problems.isEmpty()) {
            throw new ConfigException(String.join("\n", problems));
        }
        connector.initialize(context);
        connector.start(config);
        int tasksMax = Integer.parseInt(config.getOrDefault("tasks.max", "1"));
        List<Map<String, String>> tasks = connector.taskConfigs(tasksMax);
        if (tasks.size() > tasksMax) {
            throw new IllegalStateException(
                    connector.getClass().getName() + " planned " + tasks.size() + " tasks where tasks.max=" + tasksMax);
        }
        return tasks;
    }

    /** A task as a worker makes one: by the class's public constructor without arguments. */
    static <T extends Task> T newTask(Connector connector, Class<T> kind) {
        Class<? extends Task> taskClass = connector.taskClass();
        try {
            return kind.cast(taskClass.getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    taskClass.getName() + " must be public and have a public constructor without arguments", e);
        }
    }
}
