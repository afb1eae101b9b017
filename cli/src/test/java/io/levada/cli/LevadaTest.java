/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class LevadaTest {
    @Test
    void versionNamesTheBuild() {
        CommandLineRun run = levada("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("levada ").contains("Kafka ").doesNotContain("${");
    }

    @Test
    void aTypoIsAnsweredWithTheNearestVerb() {
        CommandLineRun run = levada("conectors", "list");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("conectors").contains("Did you mean: connectors");
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
        List<String> words = new ArrayList<>(verb);
        words.add("--help");
        CommandLineRun run = levada(words.toArray(String[]::new));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("  levada " + String.join(" ", verb));
        assertThat(run.out().indexOf("  levada ")).isLessThan(run.out().indexOf("Usage:"));
    }

    static Stream<List<String>> verbs() {
        return verbs(List.of(), new CommandLine(new LevadaCommand()));
    }

    private static Stream<List<String>> verbs(List<String> path, CommandLine command) {
        return command.getSubcommands().values().stream()
                .filter(verb -> !verb.getCommandSpec().usageMessage().hidden())
                .flatMap(verb -> {
                    List<String> words = Stream.concat(path.stream(), Stream.of(verb.getCommandName()))
                            .toList();
                    return Stream.concat(Stream.of(words), verbs(words, verb));
                });
    }
}
