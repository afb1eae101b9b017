/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code -o table|json}: tables are for people, JSON is what the server answered, unaltered. */
public final class OutputOptions {
    /** The names are those the user writes. */
    public enum Format {
        table,
        json
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private Format format;

    public PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Text indented by two, broken between words on a terminal and left whole elsewhere. */
    public List<String> indented(List<String> lines) {
        int width = Terminal.isScreen()
                ? spec.commandLine().getCommandSpec().usageMessage().width()
                : 0;
        return lines.stream()
                .flatMap(line -> Wrapped.lines(line, "  ", width).stream())
                .toList();
    }

    /** A message for people: what changed, what to do next. Never data. */
    public void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(message);
        err.flush();
    }

    /** Asks before something is destroyed, where there is somebody to ask. */
    public void confirm(String question, boolean alreadyConfirmed) {
        Terminal.confirm(spec.commandLine().getErr(), question, alreadyConfirmed);
    }

    /** Prints the answer as JSON if that was asked for; otherwise the caller prints its table. */
    public boolean printedJson(JsonNode answer) {
        if (format != Format.json) {
            return false;
        }
        out().println(answer.toPrettyString());
        out().flush();
        return true;
    }
}
