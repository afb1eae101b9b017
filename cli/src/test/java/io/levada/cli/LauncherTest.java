/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the start script hands to the JVM, which here is a script that shows what it got. */
@Timeout(300)
class LauncherTest {
    @TempDir
    Path dir;

    @BeforeEach
    void aDistribution() throws IOException {
        for (String folder : List.of("bin", "lib", "jre/bin")) {
            Files.createDirectories(dir.resolve(folder));
        }
        Files.copy(Path.of("..", "levada"), dir.resolve("bin/levada"));
        Files.writeString(dir.resolve("jre/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Path java = Files.writeString(
                dir.resolve("jre/bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\necho \"input: $(cat 2>&1)\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void warmUpExplainsItselfToo() throws Exception {
        assertThat(run("bin/levada warm-up --help </dev/null")).contains("warm-up", "--help");
    }

    @Test
    void itSaysHowItWasCalledSoThatAdviceCanBeTyped() throws Exception {
        assertThat(run("bin/levada topics list </dev/null")).contains("-Dlevada.command=bin/levada");
        assertThat(run("PATH=$PWD/bin:$PATH levada topics list </dev/null"))
                .anyMatch(line -> line.matches("-Dlevada.command=.*/bin/levada"));
    }

    @Test
    void standardInputThatIsClosedIsEmptyAndNotTheFirstFileTheJvmOpens() throws Exception {
        assertThat(run("bin/levada produce t <&-")).contains("input: ");
        assertThat(run("echo record | bin/levada produce t")).contains("input: record");
    }

    private List<String> run(String script) throws IOException, InterruptedException {
        Path output = dir.resolve("output");
        ProcessBuilder command = new ProcessBuilder("sh", "-c", script).directory(dir.toFile());
        command.environment().put("JAVA_HOME", dir.resolve("jre").toString());
        command.environment().put("LEVADA_JSA", "off");
        Process process = command.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(output);
    }
}
