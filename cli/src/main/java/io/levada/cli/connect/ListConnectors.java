/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.State;
import io.levada.cli.terminal.Table;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All connectors by one call, the failing ones first. */
@Command(
        name = "list",
        header = {"Lists connectors, the failing ones first.", "", "  levada connectors list --failed", ""})
final class ListConnectors implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Option(names = "--failed", description = "Only connectors that failed or have a failed task.")
    private boolean onlyFailed;

    @Override
    public void run() {
        ConnectClient client = connect.client();
        JsonNode answer = shown(client.get("list connectors", "/connectors?expand=status&expand=info"));
        if (output.printedJson(answer)) {
            return;
        }
        List<ConnectorRow> rows = StreamSupport.stream(answer.spliterator(), false)
                .map(ConnectorRow::from)
                .sorted(Comparator.comparingInt((ConnectorRow row) -> State.severity(row.state()))
                        .thenComparing(ConnectorRow::name))
                .toList();
        Table table = new Table("NAME", "TYPE", "STATE", "TASKS", "WORKER", "CLASS");
        JsonNode failures = client.find("list connectors", ConnectClient.path("levada", "v1", "connectors"))
                .orElse(MissingNode.getInstance());
        for (ConnectorRow row : rows) {
            table.row(
                    row.name(),
                    row.type(),
                    State.coloured(row.state()),
                    row.tasks(),
                    row.worker(),
                    row.connectorClass());
            JsonNode own = failures.path(row.name());
            JsonNode status = own.isMissingNode() ? answer.path(row.name()).path("status") : own;
            table.note(output.indented(PartFailure.summary(status)));
        }
        table.print(output.out());
        if (rows.isEmpty()) {
            output.say(onlyFailed ? "Nothing failed." : "No connectors. 'levada connectors create FILE' makes one.");
        }
    }

    /** What of the answer is shown, in whatever format. */
    private JsonNode shown(JsonNode answer) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        answer.properties().forEach(connector -> {
            if (!onlyFailed || ConnectorRow.from(connector.getValue()).state().equals("FAILED")) {
                shown.set(connector.getKey(), connector.getValue());
            }
        });
        return shown;
    }
}
