/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.plugins.Plugins;
import java.util.Map;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Makes the connector's own task object. */
public final class TaskPlugin {
    /** Key of a task's config under which its class is kept. */
    public static final String TASK_CLASS = "task.class";

    private TaskPlugin() {}

    /** A task of the class that the task config names, from its connector's plugin, not started. */
    public static <T extends Task> T make(
            Plugins plugins, TaskSpec spec, Map<String, @Nullable String> taskConfig, Class<T> kind) {
        String connector = TaskSpec.required(spec.connectorConfig(), "connector.class");
        String name = TaskSpec.required(taskConfig, TASK_CLASS);
        try {
            Class<? extends Task> type =
                    Class.forName(name, true, plugins.loaderOf(connector)).asSubclass(Task.class);
            return kind.cast(plugins.newTask(connector, type));
        } catch (ClassNotFoundException | ClassCastException e) {
            throw new ConnectException(
                    "Task " + spec.id() + " is to be a " + kind.getSimpleName() + " of class " + name
                            + ", which the plugin of " + connector + " does not have",
                    e);
        }
    }
}
