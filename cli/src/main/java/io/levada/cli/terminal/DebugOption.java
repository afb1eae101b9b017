/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The one option that every verb has. */
public final class DebugOption {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    boolean debug;

    static boolean given(CommandLine command) {
        CommandLine.Model.OptionSpec option = command.getCommandSpec().findOption("--debug");
        return option != null && Boolean.TRUE.equals(option.getValue());
    }
}
