/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The start script makes its class archive once, whoever is killed in the middle. A small script stands in for the JVM. */
@Timeout(60)
class ClassArchiveTest {
    private static final String HANGING_JAVA = "exec sleep 50";
    private static final String WRITING_JAVA =
            "for word; do case $word in -XX:ArchiveClassesAtExit=*) echo classes >\"${word#*=}\" ;; esac; done";

    @TempDir
    Path dir;

    @BeforeEach
    void aDistribution() throws IOException {
        for (String folder : List.of("bin", "lib", "cds", "jre/bin")) {
            Files.createDirectories(dir.resolve(folder));
        }
        Files.copy(Path.of("..", "levada"), dir.resolve("bin/levada"));
        Files.writeString(dir.resolve("jre/release"), "JAVA_VERSION=\"17.0.1\"\n");
    }

    @Test
    void startBesideTheMakerOfAKilledOneGoesWithoutTheArchive() throws Exception {
        java(HANGING_JAVA);
        Process killed = warmUp();
        await().atMost(Duration.ofSeconds(20)).until(() -> !parts().isEmpty());
        ProcessHandle maker = makerOf(parts().get(0));
        killed.destroyForcibly();
        try {
            java(WRITING_JAVA);
            assertThat(warmUp().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(archives()).isEmpty();
            assertThat(maker.isAlive()).isTrue();
        } finally {
            maker.destroyForcibly();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !maker.isAlive());

        assertThat(warmUp().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(archives()).hasSize(1);
        assertThat(parts()).as("what the killed maker left").isEmpty();
    }

    private void java(String script) throws IOException {
        Path java = dir.resolve("jre/bin/java");
        Files.deleteIfExists(java);
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private Process warmUp() throws IOException {
        ProcessBuilder command = new ProcessBuilder(dir.resolve("bin/levada").toString(), "warm-up");
        command.environment().put("JAVA_HOME", dir.resolve("jre").toString());
        command.environment().remove("LEVADA_JSA");
        return command.redirectErrorStream(true)
                .redirectOutput(dir.resolve("output").toFile())
                .start();
    }

    private static ProcessHandle makerOf(Path part) {
        String name = part.getFileName().toString();
        return ProcessHandle.of(Long.parseLong(name.substring(name.lastIndexOf('.') + 1)))
                .orElseThrow();
    }

    private List<Path> parts() throws IOException {
        return files(".*\\.jsa\\.\\d+");
    }

    private List<Path> archives() throws IOException {
        return files(".*\\.jsa");
    }

    private List<Path> files(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("cds"))) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .toList();
        }
    }
}
