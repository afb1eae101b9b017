/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restarts a connector with its tasks (KIP-745). The bare REST call restarts the connector alone, which nobody expects. */
@Command(
        name = "restart",
        header = {
            "Restarts connectors with their tasks.",
            "",
            "  levada connectors restart orders",
            "  levada connectors restart orders --failed",
            ""
        })
final class RestartConnector implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The connectors.")
    private List<String> names;

    @Option(names = "--failed", description = "Only what failed.")
    private boolean onlyFailed;

    @Option(names = "--connector-only", description = "Leave the tasks alone.")
    private boolean connectorOnly;

    @Override
    public void run() {
        ConnectClient client = connect.client();
        String query = "?includeTasks=" + !connectorOnly + "&onlyFailed=" + onlyFailed;
        for (String name : names) {
            JsonNode answer = client.post(
                    "restart connector '" + name + "'",
                    ConnectClient.path("connectors", name, "restart") + query,
                    null);
            // Without tasks the worker answers nothing.
            if (answer.isMissingNode() || !output.printedJson(answer)) {
                String what = (onlyFailed ? "what failed of " : "") + name;
                output.did("restart", "connector", name, "Restarting " + what + ".");
            }
        }
    }
}
