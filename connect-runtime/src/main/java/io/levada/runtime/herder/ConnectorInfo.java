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
 * What {@code GET /connectors/{name}} shows, and what was to be said when its config was stored just now.
 *
 * @param config as stored, including {@code name}
 * @param tasks in order; empty while the connector has not made its task configs yet
 * @param warnings of the config, in whole sentences; always empty for a connector that is only looked at
 */
public record ConnectorInfo(
        ConnectorName name,
        Map<String, @Nullable String> config,
        List<TaskId> tasks,
        ConnectorType type,
        List<String> warnings) {
    public ConnectorInfo {
        config = NullableValues.copyOf(config);
        tasks = List.copyOf(tasks);
        warnings = List.copyOf(warnings);
    }

    public ConnectorInfo(
            ConnectorName name, Map<String, @Nullable String> config, List<TaskId> tasks, ConnectorType type) {
        this(name, config, tasks, type, List.of());
    }

    /** The same, with what was to be said when it was stored. */
    public ConnectorInfo with(List<String> warnings) {
        return new ConnectorInfo(name, config, tasks, type, warnings);
    }
}
