/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.connector.TaskId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /connectors/{name}} shows.
 *
 * @param config as stored, including {@code name}
 * @param tasks in order; empty while the connector has not made its task configs yet
 */
public record ConnectorInfo(
        ConnectorName name, Map<String, @Nullable String> config, List<TaskId> tasks, ConnectorType type) {
    public ConnectorInfo {
        config = NullableValues.copyOf(config);
        tasks = List.copyOf(tasks);
    }
}
