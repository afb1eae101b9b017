/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Prints every failure to standard error in the same three lines; the stack only when it was asked for. */
public final class ProblemPrinter implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final boolean debugByEnvironment;

    /** @param debugByEnvironment whether LEVADA_DEBUG asks for stack traces, as {@code --debug} does */
    public ProblemPrinter(boolean debugByEnvironment) {
        this.debugByEnvironment = debugByEnvironment;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        Problem problem = failure instanceof Problem known ? known : unexpected(failure);
        print(err, command, problem);
        if (debugByEnvironment || DebugOption.given(command)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return problem.exitCode();
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        if (String.valueOf(failure.getMessage()).startsWith("Missing required subcommand")) {
            command.usage(err);
            return ExitCode.USAGE;
        }
        print(err, command, WrongUse.from(failure));
        err.flush();
        return ExitCode.USAGE;
    }

    /** Tells a problem that does not end the command. */
    public static void tell(CommandLine command, Problem problem) {
        print(command.getErr(), command, problem);
        command.getErr().flush();
    }

    private static void print(PrintWriter err, CommandLine command, Problem problem) {
        err.println(command.getColorScheme().errorText("levada: " + CommandName.typed(problem.what())));
        for (String line : new String[] {problem.why(), problem.remedy()}) {
            if (!line.isEmpty()) {
                err.println(
                        "  " + CommandName.typed(SameServer.in(line, command)).replace("\n", "\n  "));
            }
        }
    }

    private static Problem unexpected(Exception failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return new Problem(
                ExitCode.FAILURE, "the command failed", message, "LEVADA_DEBUG=1 or --debug shows where.", failure);
    }
}
