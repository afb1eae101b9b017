/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes connectors; asks first where there is somebody to ask. */
@Command(
        name = "delete",
        header = {"Deletes connectors.", "", "  levada connectors delete orders --yes", ""})
final class DeleteConnector implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The connectors.")
    private List<String> names;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Without a terminal nothing is asked either.")
    private boolean yes;

    @Override
    public void run() {
        output.confirm("Delete " + String.join(", ", names) + "?", yes);
        ConnectClient client = connect.client();
        for (String name : names) {
            String left = SlotLeft.of(client, name);
            client.delete("delete connector '" + name + "'", ConnectClient.path("connectors", name));
            output.did(
                    "delete",
                    "connector",
                    name,
                    "Deleted " + name
                            + ". Its topics and, until a connector of that name resets them, its offsets stay."
                            + left);
        }
    }
}
