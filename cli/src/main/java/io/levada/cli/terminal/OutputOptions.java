/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --output text|json}: text is for people, JSON for programs. Filters and limits hold for both. */
public final class OutputOptions {
    /** The names are those the user writes. */
    public enum Format {
        text,
        json
    }

    /** What {@link Format#text} was called at first. */
    private static final String FORMER_TEXT = "table";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--output", paramLabel = "FORMAT", description = "text or json (default: text).")
    private Format format = Format.text;

    /** For scripts: elsewhere {@code -o} sets a property of a server, so it is not shown here. */
    @Option(names = "-o", hidden = true, paramLabel = "FORMAT")
    void setFormat(String value) {
        String name = value.toLowerCase(Locale.ROOT);
        if (name.equals(FORMER_TEXT)) {
            format = Format.text;
        } else if (List.of("text", "json").contains(name)) {
            format = Format.valueOf(name);
        } else {
            throw new ParameterException(spec.commandLine(), "-o " + value, spec.findOption("-o"), value);
        }
    }

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

    /** A message for people: what changed, what to do next. Never data. A command in it is given as the user can type it. */
    public void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(CommandName.typed(SameServer.in(message, spec.commandLine())));
        err.flush();
    }

    /** Tells what was done to one thing: a person by {@code message}, a program by {@code {"connector": "orders", "did": "pause"}}. */
    public void did(String verb, String kind, String name, String message) {
        if (!printedJson(JsonNodeFactory.instance.objectNode().put(kind, name).put("did", verb))) {
            say(message);
        }
    }

    /** Asks before something is destroyed, where there is somebody to ask. */
    public void confirm(String question, boolean alreadyConfirmed) {
        Terminal.confirm(spec.commandLine().getErr(), question, alreadyConfirmed);
    }

    public boolean isJson() {
        return format == Format.json;
    }

    /** Prints the answer as JSON if that was asked for; otherwise the caller prints its table. */
    public boolean printedJson(JsonNode answer) {
        if (!isJson()) {
            return false;
        }
        out().println(answer.toPrettyString());
        out().flush();
        return true;
    }
}
