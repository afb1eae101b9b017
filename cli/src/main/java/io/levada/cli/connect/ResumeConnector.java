/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets the target state of connectors to RUNNING. */
@Command(
        name = "resume",
        header = {"Resumes paused or stopped connectors.", "", "  levada connectors resume orders", ""})
final class ResumeConnector implements Runnable {
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
            client.put("resume connector '" + name + "'", ConnectClient.path("connectors", name, "resume"), null);
            output.did("resume", "connector", name, "Resumed " + name + ".");
        }
    }
}
