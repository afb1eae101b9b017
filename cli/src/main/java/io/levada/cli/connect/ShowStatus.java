/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.State;
import io.levada.cli.terminal.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One connector and its tasks, with the trace of what failed. */
@Command(
        name = "status",
        header = {"Shows a connector, its tasks and why they failed.", "", "  levada connectors status orders", ""})
final class ShowStatus implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "The connector.")
    private String name;

    @Override
    public void run() {
        JsonNode status = connect.client().status("show connector '" + name + "'", name);
        if (output.printedJson(status)) {
            return;
        }
        Table table = new Table("PART", "STATE", "WORKER");
        addRow(table, "connector", status.path("connector"));
        status.path("tasks")
                .forEach(task -> addRow(table, "task " + task.path("id").asInt(), task));
        table.print(output.out());
        printTrace("connector", status.path("connector"));
        status.path("tasks")
                .forEach(task -> printTrace("task " + task.path("id").asInt(), task));
        output.out().flush();
    }

    private void addRow(Table table, String part, JsonNode entry) {
        table.row(
                part,
                State.coloured(entry.path("state").asText()),
                entry.path("worker_id").asText());
        table.note(output.indented(PartFailure.of(entry).lines()));
    }

    private void printTrace(String part, JsonNode entry) {
        String trace = entry.path("trace").asText();
        if (!trace.isEmpty()) {
            output.out().println();
            output.out().println("Stack trace of " + part + ":");
            trace.lines().forEach(line -> output.out().println("  " + line));
        }
    }
}
