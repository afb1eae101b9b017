/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
    private @Nullable Type type;

    /** The names are those of the REST API. */
    enum Type {
        source,
        sink,
        converter,
        header_converter,
        transformation,
        predicate
    }

    @Override
    public void run() {
        JsonNode plugins = shown(connect.client().get("list plugins", "/connector-plugins?connectorsOnly=false"));
        if (output.printedJson(plugins)) {
            return;
        }
        Table table = new Table("TYPE", "CLASS", "VERSION");
        plugins.forEach(plugin -> table.row(
                plugin.path("type").asText(),
                plugin.path("class").asText(),
                plugin.path("version").asText("-")));
        table.print(output.out());
        if (plugins.isEmpty()) {
            output.say("The worker has no " + (type == null ? "plugins." : "plugin of the type " + type + "."));
        }
    }

    /** What of the answer is shown, in whatever format. */
    private JsonNode shown(JsonNode plugins) {
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        for (JsonNode plugin : plugins) {
            if (type == null || plugin.path("type").asText().equalsIgnoreCase(type.name())) {
                shown.add(plugin);
            }
        }
        return shown;
    }
}
