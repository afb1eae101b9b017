/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import io.levada.cli.terminal.ProblemPrinter;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** The {@code levada} command. */
public final class Levada {
    private Levada() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        int exitCode = run(out, err, System.getenv(), arguments);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs one command line; data goes to {@code out}, messages to {@code err}. Returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        ProblemPrinter problems = new ProblemPrinter(environment.containsKey("LEVADA_DEBUG"));
        return new CommandLine(new LevadaCommand())
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(problems)
                .setParameterExceptionHandler(problems)
                .execute(arguments);
    }
}
