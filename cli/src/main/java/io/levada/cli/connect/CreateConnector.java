/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Problem;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Creates connectors from files; one that exists is left alone and is an error. */
@Command(
        name = "create",
        header = {
            "Creates connectors from files, JSON or properties.",
            "",
            "  levada connectors create orders.json",
            "  generate-config | levada connectors create -",
            ""
        })
final class CreateConnector implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "{\"name\": .., \"config\": {..}} or the flat config; - reads standard input.")
    private List<String> files;

    @Override
    public void run() {
        List<ConnectorFile> connectors = files.stream().map(ConnectorFile::read).toList();
        ConnectClient client = connect.client();
        for (ConnectorFile connector : connectors) {
            JsonNode created = created(client, connector);
            if (!output.printedJson(created)) {
                output.say("Created " + connector.name() + ". 'levada connectors status " + connector.name()
                        + "' shows how it does.");
            }
        }
    }

    private static JsonNode created(ConnectClient client, ConnectorFile connector) {
        try {
            return client.post("create connector '" + connector.name() + "'", "/connectors", connector.createRequest());
        } catch (Problem refusal) {
            throw connector.named(refusal);
        }
    }
}
