/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that cannot be understood, told in three lines: what is wrong with it, what was probably meant, where to read on. */
final class WrongUse {
    private static final String SHORT_OUTPUT = "-o";
    private static final List<String> FORMATS = List.of("json", "text", "table");

    private WrongUse() {}

    static Problem from(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String verb = command.getCommandSpec().qualifiedName();
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(command, verb, unmatched.getUnmatched().get(0));
        }
        if (failure instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec argument = missing.getMissing().get(0);
            return problem(
                    "'" + verb + "' needs " + argument.paramLabel(),
                    String.join(" ", argument.description()),
                    "See '" + verb + " --help'.");
        }
        ArgSpec argument = failure.getArgSpec();
        if (argument != null && failure.getValue() != null) {
            return value(argument, verb, failure.getValue(), failure);
        }
        return problem(String.valueOf(failure.getMessage()), "", "See '" + verb + " --help'.");
    }

    /** A value of {@code option} that is none of {@code choices}. */
    static Problem choice(String option, String verb, String value, List<String> choices) {
        String near = Nearest.question(value, choices, "");
        return problem(
                option + " does not know '" + value + "'",
                "It is one of " + String.join(", ", choices) + "." + (near.isEmpty() ? "" : " " + near),
                "See '" + verb + " --help'.");
    }

    private static Problem value(ArgSpec option, String verb, String value, ParameterException failure) {
        Class<?> type = option.typeInfo().getType();
        String name = name(option);
        if (name.equals(SHORT_OUTPUT)) {
            return shortOutput(verb, value);
        }
        if (type.isEnum()) {
            List<String> choices = Arrays.stream(type.getEnumConstants())
                    .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
                    .toList();
            return choice(name, verb, value, choices);
        }
        if (option.isMultiValue() && option.typeInfo().isMap()) {
            boolean format = FORMATS.contains(value.toLowerCase(Locale.ROOT));
            return problem(
                    name + " takes " + option.paramLabel() + ", not '" + value + "'",
                    format
                                    && option instanceof OptionSpec named
                                    && List.of(named.names()).contains(SHORT_OUTPUT)
                            ? "It sets a property of the server. --output " + value
                                    + " is for the verbs that ask a server."
                            : "The key and its value belong together, with = between them.",
                    "See '" + verb + " --help'.");
        }
        // A converter of the option's own says itself what it takes.
        if (Number.class.isAssignableFrom(boxed(type)) && option.converters().length == 0) {
            return problem(
                    name + " takes a whole number, not '" + value + "'",
                    String.join(" ", option.description()),
                    "See '" + verb + " --help'.");
        }
        return problem(String.valueOf(failure.getMessage()), "", "See '" + verb + " --help'.");
    }

    /** {@code -o} of a verb that asks a server, where it is the format; of a server, it sets a property. */
    private static Problem shortOutput(String verb, String value) {
        return value.contains("=")
                ? problem(
                        "'" + verb + "' sets no property " + value.substring(0, value.indexOf('=')),
                        "-o KEY=VALUE belongs to the servers: 'levada worker', 'levada broker', 'levada demo'.",
                        "For JSON write --output json. See '" + verb + " --help'.")
                : choice("--output", verb, value, List.of("text", "json"));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static Class<?> boxed(Class<?> type) {
        return type == int.class ? Integer.class : type == long.class ? Long.class : type;
    }

    private static Problem unmatched(CommandLine command, String verb, String word) {
        if (word.startsWith("-")) {
            return unknownOption(command, verb, word.split("=", 2)[0]);
        }
        if (command.getSubcommands().isEmpty()) {
            return problem(
                    "'" + verb + "' does not take the argument '" + word + "'",
                    command.getCommandSpec().positionalParameters().isEmpty()
                            ? "It takes options alone."
                            : "It has one too many.",
                    "See '" + verb + " --help'.");
        }
        List<String> here = visible(command).keySet().stream().toList();
        List<String> meant = Nearest.to(word, here);
        List<String> commands = (meant.isEmpty() ? below(command, word) : meant)
                .stream().map(name -> verb + " " + name).toList();
        return problem(
                "there is no verb '" + word + "'" + (command.getParent() == null ? "" : " of '" + verb + "'"),
                commands.isEmpty() ? "The verbs are " + String.join(", ", here) + "." : Nearest.question(commands, "'"),
                "See '" + verb + " --help'.");
    }

    /** {@code levada list}: the verb stands one level further down. */
    private static List<String> below(CommandLine command, String word) {
        List<String> found = new ArrayList<>();
        visible(command).forEach((name, verb) -> {
            List<String> verbs = visible(verb).keySet().stream().toList();
            if (verbs.contains(word)) {
                found.add(name + " " + word);
            }
        });
        return found;
    }

    private static Problem unknownOption(CommandLine command, String verb, String word) {
        List<String> options = command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()))
                .toList();
        String near = Nearest.question(word, options, "");
        String ofAVerb = optionOfAVerb(command, word);
        return problem(
                "'" + verb + "' has no option " + word,
                near.isEmpty() && ofAVerb != null
                        ? "Options stand behind their verb: '" + ofAVerb + " " + word + " ...'."
                        : near.isEmpty() ? "Its options are " + longNames(command) + "." : near,
                "See '" + verb + " --help'.");
    }

    private static String longNames(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .collect(Collectors.joining(", "));
    }

    private static @Nullable String optionOfAVerb(CommandLine command, String word) {
        for (CommandLine verb : visible(command).values()) {
            if (verb.getCommandSpec().findOption(word) != null) {
                return verb.getCommandSpec().qualifiedName();
            }
            String below = optionOfAVerb(verb, word);
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    private static Map<String, CommandLine> visible(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }

    private static Problem problem(String what, String why, String remedy) {
        return new Problem(ExitCode.USAGE, what, why, remedy);
    }
}
