/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command whose output nobody can take ends at once, and only a full disk is worth a word. */
@Timeout(300)
final class ClosedPipeTest {
    private static final int BROKEN_PIPE = 141;

    @TempDir
    Path folder;

    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @ValueSource(strings = {"--help", "help", "--version", "connectors --help", "help topics create"})
    void aPipeWithoutAReaderEndsItQuietly(String words) throws Exception {
        // The pipe has lost its only reader before the command starts.
        Process run = shell("mkfifo pipe && exec 4<>pipe 3>pipe 4<&- && exec $LEVADA " + words + " >&3 3>&-");
        assertThat(run.exitValue()).isEqualTo(BROKEN_PIPE);
        assertThat(errors()).isEmpty();
    }

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(strings = {"--help", "help"})
    void aFullDiskIsSaid(String words) throws Exception {
        Process run = shell("exec $LEVADA " + words + " >/dev/full");
        assertThat(run.exitValue()).isEqualTo(1);
        assertThat(errors())
                .contains("cannot write to standard output", "No space left")
                .doesNotContain("\tat ");
    }

    private Process shell(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of("sh", "-c", script))
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile());
        builder.environment()
                .put(
                        "LEVADA",
                        Path.of(System.getProperty("java.home"), "bin", "java")
                                + " -Dlogback.configurationFile=logback-client.xml io.levada.cli.Levada");
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return process;
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("errors"));
    }
}
