/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets the target state of connectors: each verb is a path of the REST API, and differs from the others in nothing but its words. */
final class SetTargetState {
    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The connectors.")
    private List<String> names;

    private void by(String verb, String done) {
        ConnectClient client = connect.client();
        for (String name : names) {
            client.put(verb + " connector '" + name + "'", ConnectClient.path("connectors", name, verb), null);
            output.did(verb, "connector", name, done + " " + name + ".");
        }
    }

    /** To PAUSED. */
    @Command(
            name = "pause",
            header = {
                "Pauses connectors; their tasks keep what they hold open.",
                "",
                "  levada connectors pause orders",
                ""
            })
    static final class Pause implements Runnable {
        @Mixin
        private SetTargetState state;

        @Override
        public void run() {
            state.by("pause", "Paused");
        }
    }

    /** To RUNNING. */
    @Command(
            name = "resume",
            header = {"Resumes paused or stopped connectors.", "", "  levada connectors resume orders", ""})
    static final class Resume implements Runnable {
        @Mixin
        private SetTargetState state;

        @Override
        public void run() {
            state.by("resume", "Resumed");
        }
    }

    /** To STOPPED. */
    @Command(
            name = "stop",
            header = {
                "Stops connectors; their tasks are shut down, offsets can be altered.",
                "",
                "  levada connectors stop orders",
                ""
            })
    static final class Stop implements Runnable {
        @Mixin
        private SetTargetState state;

        @Override
        public void run() {
            state.by("stop", "Stopped");
        }
    }
}
