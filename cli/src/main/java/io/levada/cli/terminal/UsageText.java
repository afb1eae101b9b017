/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help of a verb on 80 columns: what it does, examples, how it is called, its arguments, options and verbs. Text is broken between
 * words alone; a line of the header that begins with two spaces is an example and is printed as it stands, to be copied.
 */
public final class UsageText implements IHelpSectionRenderer {
    /** The widest line. */
    public static final int WIDTH = 80;

    private static final String SECTION = "levada";
    private static final String INDENT = "  ";
    private static final int NAMES_MAX = 26;

    private UsageText() {}

    /** From now on {@code command} and all verbs below it show their help in this form. */
    public static void use(CommandLine command) {
        command.setHelpSectionMap(Map.of(SECTION, new UsageText()));
        command.setHelpSectionKeys(List.of(SECTION));
    }

    @Override
    public String render(Help help) {
        CommandSpec verb = help.commandSpec();
        List<String> lines = new ArrayList<>();
        paragraphs(lines, verb.usageMessage().header());
        lines.add(synopsis(verb));
        table(lines, arguments(verb, help));
        table(lines, options(verb, help));
        table(lines, verbs(verb, help));
        paragraphs(lines, verb.usageMessage().footer());
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private static void paragraphs(List<String> lines, String[] paragraphs) {
        for (String paragraph : paragraphs) {
            if (paragraph.isEmpty() || paragraph.startsWith(INDENT)) {
                lines.add(paragraph);
            } else {
                lines.addAll(wrap(paragraph, WIDTH));
            }
        }
    }

    private static String synopsis(CommandSpec verb) {
        StringBuilder synopsis = new StringBuilder("Usage: ")
                .append(verb.qualifiedName())
                .append(verb.subcommands().isEmpty() ? " [OPTIONS]" : " [OPTIONS] VERB");
        verb.positionalParameters().forEach(argument -> synopsis.append(' ').append(label(argument)));
        return synopsis.toString();
    }

    private static String label(PositionalParamSpec argument) {
        String label = argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
        return argument.arity().min() == 0 ? "[" + label + "]" : label;
    }

    private static Map<Ansi.Text, String[]> arguments(CommandSpec verb, Help help) {
        Map<Ansi.Text, String[]> rows = new LinkedHashMap<>();
        verb.positionalParameters().stream()
                .filter(argument -> !argument.hidden())
                .forEach(argument ->
                        rows.put(help.colorScheme().parameterText(argument.paramLabel()), argument.description()));
        return rows;
    }

    /** A verb's own options come first, those that all verbs have at the end. */
    private static Map<Ansi.Text, String[]> options(CommandSpec verb, Help help) {
        Map<Ansi.Text, String[]> rows = new LinkedHashMap<>();
        verb.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing(ArgSpec::inherited))
                .forEach(option -> rows.put(help.colorScheme().optionText(names(option)), option.description()));
        return rows;
    }

    private static String names(OptionSpec option) {
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
    }

    private static Map<Ansi.Text, String[]> verbs(CommandSpec verb, Help help) {
        Map<Ansi.Text, String[]> rows = new LinkedHashMap<>();
        verb.subcommands().forEach((name, below) -> {
            CommandSpec spec = below.getCommandSpec();
            if (!spec.usageMessage().hidden()) {
                String[] header = spec.usageMessage().header();
                rows.put(help.colorScheme().commandText(name), Arrays.copyOf(header, Math.min(1, header.length)));
            }
        });
        return rows;
    }

    private static void table(List<String> lines, Map<Ansi.Text, String[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        int column = INDENT.length() * 2
                + rows.keySet().stream()
                        .mapToInt(name -> name.plainString().length())
                        .filter(length -> length <= NAMES_MAX)
                        .max()
                        .orElse(NAMES_MAX);
        rows.forEach((name, description) -> row(lines, name, String.join(" ", description), column));
    }

    private static void row(List<String> lines, Ansi.Text name, String description, int column) {
        String first = INDENT + name;
        int length = INDENT.length() + name.plainString().length();
        for (String line : wrap(description, WIDTH - column)) {
            if (length + INDENT.length() > column) { // too long to have anything beside it
                lines.add(first);
                first = "";
                length = 0;
            }
            lines.add(first + " ".repeat(column - length) + line);
            first = "";
            length = 0;
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" +")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
