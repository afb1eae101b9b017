/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.connector.TaskId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code GET /connectors/{name}/tasks}.
 *
 * @param config as its connector made it
 */
public record TaskInfo(TaskId id, Map<String, @Nullable String> config) {
    public TaskInfo {
        config = NullableValues.copyOf(config);
    }
}
