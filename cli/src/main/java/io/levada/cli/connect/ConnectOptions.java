/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which worker to call. */
final class ConnectOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The worker's REST API (default: LEVADA_URL, KAFKA_CONNECT_URL, then http://localhost:8083).")
    private @Nullable String url;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** A client that prints warnings of the worker to standard error. */
    ConnectClient client() {
        return new ConnectClient(WorkerAddress.from(url, System.getenv()), this::warn);
    }

    private void warn(String text) {
        CommandLine command = spec.commandLine();
        command.getErr().println(command.getColorScheme().text("@|yellow warning:|@ ") + text);
        command.getErr().flush();
    }
}
