/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import java.util.List;

/**
 * What {@code GET /connectors/{name}/status} shows.
 *
 * @param tasks sorted by number
 */
public record ConnectorStatus(ConnectorName name, ReportedState connector, List<TaskStatus> tasks, ConnectorType type) {
    public ConnectorStatus {
        tasks = List.copyOf(tasks);
    }
}
