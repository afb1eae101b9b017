/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code levada help connectors create} is {@code levada connectors create --help}, the other way round. */
@Command(
        name = "help",
        header = {"Shows the help of a verb.", "", "  levada help", "  levada help connectors create", ""})
public final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "VERB", description = "The verb's words; none for the whole command.")
    private List<String> words = List.of();

    @Override
    public void run() {
        CommandLine command = spec.parent().commandLine();
        for (String word : words) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                throw new UnmatchedArgumentException(command, new ArrayList<>(List.of(word)));
            }
            command = below;
        }
        command.usage(spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
    }
}
