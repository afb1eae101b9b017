/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plan;

import io.levada.runtime.connector.NullableValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as it runs or should run.
 *
 * @param connectorConfig the config from which the task's was made; a newer one takes effect with the next task configs
 */
public record TaskWork(
        Map<String, @Nullable String> connectorConfig, Map<String, @Nullable String> taskConfig, boolean paused) {
    public TaskWork {
        connectorConfig = NullableValues.copyOf(connectorConfig);
        taskConfig = NullableValues.copyOf(taskConfig);
    }

    boolean sameConfigs(TaskWork other) {
        return connectorConfig.equals(other.connectorConfig) && taskConfig.equals(other.taskConfig);
    }
}
