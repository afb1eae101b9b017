/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Has an advised command ask the server that the command which advises it was told to ask. */
final class SameServer {
    private static final List<String> OPTIONS = List.of("--url", "--bootstrap-server", "--command-config");
    private static final Pattern ADVISED = Pattern.compile("'levada ([^']+)'");

    private SameServer() {}

    /** {@code text} with the options of {@code command} that name a server behind each {@code 'levada ...'} in it that takes them. */
    static String in(String text, CommandLine command) {
        ParseResult given = command.getParseResult();
        if (given == null) {
            return text;
        }
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        CommandLine all = root;
        return ADVISED.matcher(text)
                .replaceAll(advised -> Matcher.quoteReplacement(
                        "'levada " + advised.group(1) + options(given, verb(all, advised.group(1))) + "'"));
    }

    private static CommandLine verb(CommandLine root, String words) {
        CommandLine verb = root;
        for (String word : words.split(" ", -1)) {
            CommandLine next = verb.getSubcommands().get(word);
            if (next == null) {
                break;
            }
            verb = next;
        }
        return verb;
    }

    private static String options(ParseResult given, CommandLine verb) {
        StringBuilder options = new StringBuilder();
        for (String name : OPTIONS) {
            @Nullable OptionSpec option = given.matchedOption(name);
            if (option != null && verb.getCommandSpec().findOption(name) != null) {
                options.append(' ').append(name).append(' ').append(shown(option.originalStringValues()));
            }
        }
        return options.toString();
    }

    /** What is printed may be kept somewhere: credentials of an address are not. */
    private static String shown(List<String> values) {
        String value = values.isEmpty()
                ? ""
                : values.get(values.size() - 1).replaceAll("//[^/@]*@", Matcher.quoteReplacement("//USER:PASSWORD@"));
        return value.contains(" ") ? "\"" + value + "\"" : value;
    }
}
