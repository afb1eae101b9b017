/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.lifecycle.TasksMax;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskLoops;
import io.levada.runtime.task.TaskSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes no loop for a task whose connector has more of them stored than its newest config allows. The task itself runs with the config that it was made
 * for, which may be an older one.
 */
record LimitedTasks(TaskLoops loops, Supplier<ClusterConfig> snapshot, Secrets secrets) implements TaskLoops {
    @Override
    public TaskLoop open(TaskSpec spec, TaskControl control, TaskListener listener, TaskMeter meter) {
        ConnectorName name = spec.id().connector();
        snapshot.get()
                .connector(name)
                .ifPresent(entry ->
                        tasksMax(name, entry.config()).check(entry.tasks().size()));
        return loops.open(spec, control, listener, meter);
    }

    private TasksMax tasksMax(ConnectorName name, Map<String, @Nullable String> config) {
        Map<String, @Nullable String> keys = new HashMap<>(config);
        keys.keySet().removeIf(key -> !key.equals(TasksMax.KEY) && !key.equals(TasksMax.ENFORCE));
        return TasksMax.of(name, secrets.resolve(keys));
    }
}
