/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.State;
import io.levada.cli.terminal.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A connector's tasks, each with what failed. */
@Command(
        name = "list",
        header = {"Lists the tasks of a connector.", "", "  levada tasks list orders", ""})
final class ListTasks implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "The connector.")
    private String name;

    @Override
    public void run() {
        JsonNode tasks = connect.client()
                .status("list the tasks of '" + name + "'", name)
                .path("tasks");
        if (output.printedJson(tasks)) {
            return;
        }
        Table table = new Table("TASK", "STATE", "WORKER");
        for (JsonNode task : tasks) {
            table.row(
                    task.path("id").asText(),
                    State.coloured(task.path("state").asText()),
                    task.path("worker_id").asText());
            table.note(output.indented(PartFailure.of(task).lines()));
        }
        table.print(output.out());
        if (tasks.isEmpty()) {
            output.say(name + " has no tasks. 'levada connectors status " + name + "' shows how it does.");
        }
    }
}
