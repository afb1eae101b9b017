/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a connector that captures changes read the rows of tables again. */
@Command(
        name = "reread",
        header = {
            "Reads rows of tables again while changes go on.",
            "",
            "  levada connectors reread orders-changes public.orders",
            "  levada connectors reread orders-changes public.orders --filter \"id > 1000\"",
            ""
        },
        description =
                "For connectors that capture changes and have kafka in signal.enabled.channels: the worker writes a"
                        + " signal to their topic. What becomes of it, they say in the log.")
final class RereadTables implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "NAME", description = "The connector.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "TABLE",
            description = "Captured tables, each a regular expression for schema.table.")
    private List<String> tables;

    @Option(names = "--filter", paramLabel = "SQL", description = "Only rows that meet this condition.")
    private @Nullable String filter;

    @Option(names = "--blocking", description = "Let all changes wait until the rows have been read.")
    private boolean blocking;

    @Override
    public void run() {
        ObjectNode signal = JsonNodeFactory.instance.objectNode().put("type", "execute-snapshot");
        ObjectNode data = signal.putObject("data").put("type", blocking ? "blocking" : "incremental");
        ArrayNode collections = data.putArray("data-collections");
        tables.forEach(collections::add);
        if (filter != null) {
            ArrayNode conditions = data.putArray("additional-conditions");
            tables.forEach(table ->
                    conditions.addObject().put("data-collection", table).put("filter", filter));
        }
        String path = ConnectClient.path("levada", "v1", "connectors", name, "signals");
        JsonNode written = connect.client().post("have '" + name + "' read tables again", path, signal);
        output.did(
                "reread",
                "connector",
                name,
                "Asked " + name + " to read " + String.join(", ", tables) + " again (signal "
                        + written.path("id").asText() + ").");
    }
}
