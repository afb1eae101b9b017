/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The script by which a shell completes verbs and options. */
@Command(
        name = "completion",
        header = {
            "Prints the script by which a shell completes verbs and options.",
            "",
            "  source <(levada completion bash)",
            "  levada completion zsh > ~/.levada-completion && source ~/.levada-completion",
            ""
        })
final class CompletionCommand implements Runnable {
    /** The names are those the user writes. One script serves both: it makes zsh understand bash's way. */
    enum Shell {
        bash,
        zsh
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.zsh) {
            out.println("autoload -Uz compinit && compinit");
        }
        out.print(AutoComplete.bash("levada", spec.root().commandLine()));
        out.flush();
    }
}
