/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.ProblemPrinter;
import io.levada.cli.terminal.StandardOutput;
import io.levada.cli.terminal.UsageText;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** The {@code levada} command. */
public final class Levada {
    private Levada() {}

    public static void main(String[] arguments) {
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        StandardOutput standardOutput = new StandardOutput(failure -> end(err, failure));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(standardOutput, StandardCharsets.UTF_8));
        int exitCode = run(out, err, System.getenv(), arguments);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs one command line; data goes to {@code out}, messages to {@code err}. Returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        ProblemPrinter problems = new ProblemPrinter(environment.containsKey("LEVADA_DEBUG"));
        CommandLine command = new CommandLine(new LevadaCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(problems)
                .setParameterExceptionHandler(problems);
        UsageText.use(command);
        return command.execute(arguments);
    }

    /**
     * Standard output is gone: nothing the command could still do would be seen. It ends where it stands, as SIGPIPE ends other
     * commands; the servers, which have something to close in order, write their log elsewhere.
     */
    private static void end(PrintWriter err, IOException failure) {
        if (StandardOutput.isBrokenPipe(failure)) {
            Runtime.getRuntime().halt(ExitCode.BROKEN_PIPE);
        }
        err.println("levada: cannot write to standard output");
        err.println("  " + failure.getMessage());
        err.flush();
        Runtime.getRuntime().halt(ExitCode.FAILURE);
    }
}
