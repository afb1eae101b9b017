/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.State;

/**
 * One connector as the list shows it.
 *
 * @param state the worst of the connector's own and its tasks' states
 * @param tasks running of all, as in {@code 3/4}
 */
record ConnectorRow(String name, String type, String state, String tasks, String worker, String connectorClass) {
    /** @param entry the value under a connector's name in GET /connectors?expand=status&expand=info */
    static ConnectorRow from(JsonNode entry) {
        JsonNode status = entry.path("status");
        JsonNode connector = status.path("connector");
        JsonNode tasks = status.path("tasks");
        String worst = connector.path("state").asText("UNASSIGNED");
        int running = 0;
        for (JsonNode task : tasks) {
            String state = task.path("state").asText();
            worst = State.worse(worst, state);
            running += state.equals("RUNNING") ? 1 : 0;
        }
        return new ConnectorRow(
                status.path("name").asText(),
                status.path("type").asText(),
                worst,
                running + "/" + tasks.size(),
                connector.path("worker_id").asText(),
                simpleName(entry.path("info")
                        .path("config")
                        .path("connector.class")
                        .asText()));
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
