/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Every plugin the worker found. */
@Command(
        name = "list",
        header = {
            "Lists connectors, converters, transforms and predicates.",
            "",
            "  levada plugins list --type sink",
            ""
        })
final class ListPlugins implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "source, sink, converter, header_converter, transformation or predicate.")
    private @Nullable String type;

    @Override
    public void run() {
        JsonNode plugins = connect.client().get("list plugins", "/connector-plugins?connectorsOnly=false");
        if (output.printedJson(plugins)) {
            return;
        }
        Table table = new Table("TYPE", "CLASS", "VERSION");
        for (JsonNode plugin : plugins) {
            String kind = plugin.path("type").asText();
            if (type == null || type.equalsIgnoreCase(kind)) {
                table.row(
                        kind,
                        plugin.path("class").asText(),
                        plugin.path("version").asText("-"));
            }
        }
        table.print(output.out());
    }
}
