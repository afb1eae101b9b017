/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DemoCommandTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "--seconds, -5",
        "--seconds, 0",
        "--seconds, abc",
        "--seconds, 1.5",
        "--seconds, 31536001",
        "--seconds, 99999999999999999999",
        "--rate, 0",
        "--rate, -1",
        "--rate, 100001",
        "--rate, fast"
    })
    void aNumberThatMakesNoSenseIsRefusedByName(String option, String value) {
        CommandLineRun run = levada("demo", "--dir", folder.resolve("demo").toString(), option, value);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(option, "'" + value + "' is not a whole number from 1 to ");
        assertThat(folder.resolve("demo")).doesNotExist();
    }

    @Test
    void exitWhenDoneWithoutSecondsIsWrongUse() {
        CommandLineRun run = levada("demo", "--dir", folder.resolve("demo").toString(), "--exit-when-done");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--exit-when-done needs --seconds");
    }

    @Test
    void aFolderOfSomebodyElseIsRefusedAlsoWithFresh() throws Exception {
        Path thesis = Files.writeString(folder.resolve("thesis.tex"), "years of work");

        CommandLineRun run = levada("demo", "--dir", folder.toString(), "--fresh");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(folder.toString(), "thesis.tex", "Give --dir")
                .doesNotContain("port");
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedAndPortsAreNot() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        CommandLineRun run = levada("demo", "--dir", file.resolve("demo").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(file.toString(), "Give --dir").doesNotContain("port");
    }
}
