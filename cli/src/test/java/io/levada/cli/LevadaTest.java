/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

final class LevadaTest {
    private static final int COLUMNS = 80;

    @Test
    void versionNamesTheBuild() {
        CommandLineRun run = levada("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("levada ").contains("Kafka ").doesNotContain("${");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            dmeo                          | Did you mean 'levada demo'?
            conectors list                | Did you mean 'levada connectors'?
            list                          | 'levada connectors list'
            foo                           | The verbs are demo, worker, broker, connectors
            connectors lst                | Did you mean 'levada connectors list'?
            connectors foo                | The verbs are list, status, create
            connectors list --faild       | Did you mean --failed?
            connectors list --zzzzzz      | Its options are --url, --output, --failed
            connectors list orders        | does not take the argument 'orders'
            connectors pause              | 'levada connectors pause' needs NAME
            --url http://x plugins list   | Options stand behind their verb
            worker --confg f              | Did you mean --config?
            help dmeo                     | Did you mean 'levada demo'?
            connectors help lst           | Did you mean 'levada connectors list'?
            plugins list --type sorce     | Did you mean source?
            plugins list --type foo       | source, sink, converter, header_converter, transformation, predicate
            topics list --output jsn      | Did you mean json?
            topics list -o jsn            | Did you mean json?
            topics list -o a=b            | -o KEY=VALUE belongs to the servers
            worker -o json                | --output json is for the verbs that ask a server
            broker -o json                | --output json is for the verbs that ask a server
            demo -o json                  | --output json is for the verbs that ask a server
            topics create t --config a    | --config takes KEY=VALUE, not 'a'
            completion fish               | It is one of bash, zsh
            tasks restart orders first    | TASK takes a whole number, not 'first'
            consume t -n many             | --max-messages takes a whole number, not 'many'
            consume t -n -1               | --max-messages cannot be negative
            consume t --timeout -1        | --timeout cannot be negative
            consume t --offset 3          | --offset needs --partition
            """)
    void aWrongUseSaysWhatWasProbablyMeant(String words, String advice) {
        CommandLineRun run = levada(words.split(" "));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("levada: ").contains(advice).contains(" --help'.");
        assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void noVerbAtAllShowsTheHelpAsAWrongUse() {
        CommandLineRun run = levada();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("levada worker");
    }

    @Test
    void anUnreachableWorkerIsNamedWithWhereItsAddressCameFrom() {
        CommandLineRun run = levada("connectors", "list", "--url", "http://localhost:1");
        assertThat(run.exitCode()).isEqualTo(6);
        assertThat(run.err()).contains("http://localhost:1", "--url", "levada worker");
        assertThat(run.err().lines()).as("what, why, what to do").hasSize(3);
    }

    @Test
    void debugAddsTheStackTrace() {
        CommandLineRun run = levada("connectors", "list", "--debug", "--url", "http://localhost:1");
        assertThat(run.err()).contains("\tat io.levada.cli");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbExplainsItselfAndLeadsWithAnExample(List<String> verb) {
        CommandLineRun run = help(verb);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("  levada " + String.join(" ", verb));
        assertThat(run.out().indexOf("  levada ")).isLessThan(run.out().indexOf("Usage:"));
    }

    @ParameterizedTest
    @MethodSource("verbsAndTheCommandItself")
    void theHelpOfEveryVerbFitsItsLinesWithoutBreakingAWord(List<String> verb) {
        Set<String> words = words(spec(verb));
        assertThat(help(verb).out().lines()).allSatisfy(line -> {
            assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS);
            if (!line.startsWith("Usage:")) {
                assertThat(words).containsAll(List.of(line.strip().split("\\s+")));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("verbsAndTheCommandItself")
    void everyExampleStandsOnOneLineAsItWasWritten(List<String> verb) {
        List<String> examples = Arrays.stream(spec(verb).usageMessage().header())
                .filter(line -> line.startsWith("  "))
                .toList();
        assertThat(examples).isNotEmpty();
        assertThat(help(verb).out().lines()).containsAll(examples);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyOptionAndArgumentIsDescribed(List<String> verb) {
        assertThat(spec(verb).args())
                .filteredOn(argument -> !argument.hidden())
                .allSatisfy(argument -> assertThat(String.join("", argument.description()))
                        .as(argument.paramLabel())
                        .isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void helpIsAVerbToo(List<String> verb) {
        List<String> words = new ArrayList<>(List.of("help"));
        words.addAll(verb);
        CommandLineRun run = levada(words.toArray(String[]::new));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(help(verb).out());
    }

    @Test
    void shellsCompleteVerbsAndOptions() {
        assertThat(levada("completion", "bash").out()).contains("connectors", "--from-beginning", "complete -F");
        assertThat(levada("completion", "zsh").out()).startsWith("autoload").contains("bashcompinit");
    }

    @Test
    void helpOfAGroupOfVerbsIsThatGroups() {
        assertThat(levada("help").out()).isEqualTo(levada("--help").out());
        assertThat(levada("connectors", "help").out())
                .isEqualTo(levada("connectors", "--help").out());
        assertThat(levada("connectors", "help", "create").out())
                .isEqualTo(levada("connectors", "create", "--help").out());
    }

    static Stream<List<String>> verbs() {
        return verbs(List.of(), new CommandLine(new LevadaCommand()));
    }

    static Stream<List<String>> verbsAndTheCommandItself() {
        return Stream.concat(Stream.of(List.of()), verbs());
    }

    private static Stream<List<String>> verbs(List<String> path, CommandLine command) {
        return command.getSubcommands().values().stream()
                .filter(verb -> !verb.getCommandSpec().usageMessage().hidden())
                .filter(verb -> path.isEmpty() || !verb.getCommandName().equals("help"))
                .flatMap(verb -> {
                    List<String> words = Stream.concat(path.stream(), Stream.of(verb.getCommandName()))
                            .toList();
                    return Stream.concat(Stream.of(words), verbs(words, verb));
                });
    }

    private static CommandLineRun help(List<String> verb) {
        List<String> words = new ArrayList<>(verb);
        words.add("--help");
        return levada(words.toArray(String[]::new));
    }

    private static CommandSpec spec(List<String> verb) {
        CommandLine command = new CommandLine(new LevadaCommand());
        for (String word : verb) {
            command = Objects.requireNonNull(command.getSubcommands().get(word), word);
        }
        return command.getCommandSpec();
    }

    /** Every word that the help may hold, as its author wrote it. */
    private static Set<String> words(CommandSpec verb) {
        Stream<String> own = Stream.of(
                        Stream.of(verb.usageMessage().header()),
                        Stream.of(verb.usageMessage().footer()),
                        verb.args().stream().flatMap(argument -> Stream.of(argument.description())),
                        verb.args().stream().map(ArgSpec::paramLabel),
                        verb.options().stream()
                                .map(option -> String.join(", ", option.names())
                                        + (option.arity().max() == 0 ? "" : "=" + option.paramLabel())),
                        verb.subcommands().keySet().stream(),
                        verb.subcommands().values().stream()
                                .flatMap(below -> Stream.of(
                                        below.getCommandSpec().usageMessage().header())))
                .flatMap(text -> text);
        return Stream.concat(own, Stream.of(""))
                .flatMap(text -> Arrays.stream(text.strip().split("\\s+")))
                .collect(Collectors.toSet());
    }
}
