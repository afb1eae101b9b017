/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets the target state of connectors to PAUSED. */
@Command(
        name = "pause",
        header = {"Pauses connectors; their tasks keep what they hold open.", "", "  levada connectors pause orders", ""
        })
final class PauseConnector implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The connectors.")
    private List<String> names;

    @Override
    public void run() {
        ConnectClient client = connect.client();
        for (String name : names) {
            client.put("pause connector '" + name + "'", ConnectClient.path("connectors", name, "pause"), null);
            output.did("pause", "connector", name, "Paused " + name + ".");
        }
    }
}
