/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Restarts one task. */
@Command(
        name = "restart",
        header = {"Restarts one task.", "", "  levada tasks restart orders 0", ""})
final class RestartTask implements Runnable {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "NAME", description = "The connector.")
    private String name;

    @Parameters(index = "1", paramLabel = "TASK", description = "The task's number, from 0.")
    private int task;

    @Override
    public void run() {
        String path = ConnectClient.path("connectors", name, "tasks", Integer.toString(task), "restart");
        connect.client().post("restart task " + task + " of '" + name + "'", path, null);
        output.did("restart", "task", name + "-" + task, "Restarting task " + task + " of " + name + ".");
    }
}
