/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.connector.TaskId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task to run, with config provider references as yet unresolved.
 *
 * @param connectorConfig of the connector: converters, transforms, error handling, client overrides
 * @param taskConfig as the connector made it, with {@code task.class}
 */
public record TaskSpec(
        TaskId id,
        ConnectorType type,
        Map<String, @Nullable String> connectorConfig,
        Map<String, @Nullable String> taskConfig) {
    public TaskSpec {
        connectorConfig = NullableValues.copyOf(connectorConfig);
        taskConfig = NullableValues.copyOf(taskConfig);
    }

    /** The value of a key that must be there. */
    static String required(Map<String, @Nullable String> config, String key) {
        String value = Settings.text(config, key);
        if (value == null) {
            throw new org.apache.kafka.common.config.ConfigException(
                    "Missing required configuration \"" + key + "\" which has no default value.");
        }
        return value;
    }
}
