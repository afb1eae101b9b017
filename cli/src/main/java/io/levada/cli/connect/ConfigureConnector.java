/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a connector's config, or changes it: whole by a file, in part by {@code --set}. */
@Command(
        name = "config",
        header = {
            "Shows or changes a connector's config.",
            "",
            "  levada connectors config orders > orders.json",
            "  levada connectors config orders orders.json",
            "  levada connectors config orders orders.properties",
            "  levada connectors config orders --set tasks.max=4",
            ""
        })
final class ConfigureConnector implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "NAME", description = "The connector.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "The new config, JSON or properties; creates the connector if there is none. - reads standard input.")
    private @Nullable String file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes one key and keeps the others; repeatable.")
    private Map<String, String> changes = Map.of();

    @Override
    public void run() {
        if (file != null && !changes.isEmpty()) {
            throw new Problem(
                    ExitCode.USAGE,
                    "cannot change '" + name + "'",
                    "both a file and --set were given",
                    "Give one of them.");
        }
        ConnectClient client = connect.client();
        String path = ConnectClient.path("connectors", name, "config");
        if (file != null) {
            ConnectorFile connector = fromFile(file);
            try {
                update(client, path, connector.config());
            } catch (Problem refusal) {
                throw connector.named(refusal);
            }
        } else if (!changes.isEmpty()) {
            ObjectNode config = (ObjectNode) client.get("read the config of '" + name + "'", path);
            changes.forEach(config::put);
            update(client, path, config);
        } else {
            output.out()
                    .println(client.get("read the config of '" + name + "'", path)
                            .toPrettyString());
            output.out().flush();
        }
    }

    private ConnectorFile fromFile(String source) {
        ConnectorFile connector = ConnectorFile.read(source);
        if (!connector.name().equals(name)) {
            throw new Problem(
                    ExitCode.USAGE,
                    "cannot change '" + name + "'",
                    source + " is the config of '" + connector.name() + "'",
                    "Name the connector as the file does.");
        }
        return connector;
    }

    private void update(ConnectClient client, String path, ObjectNode config) {
        JsonNode answer = client.put("change connector '" + name + "'", path, config);
        if (!output.printedJson(answer)) {
            output.say("Changed " + name + ".");
        }
    }
}
