/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets the target state of connectors to STOPPED. */
@Command(
        name = "stop",
        header = {
            "Stops connectors; their tasks are shut down, offsets can be altered.",
            "",
            "  levada connectors stop orders",
            ""
        })
final class StopConnector implements Runnable {
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
            client.put("stop connector '" + name + "'", ConnectClient.path("connectors", name, "stop"), null);
            output.did("stop", "connector", name, "Stopped " + name + ".");
        }
    }
}
