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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start script makes its class archive once, whoever is killed in the middle. A small script stands in for the JVM. */
@Timeout(300)
class ClassArchiveTest {
    private static final String HANGING_JAVA = "exec sleep 250";
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
        await().atMost(Duration.ofMinutes(1)).until(() -> !parts().isEmpty());
        ProcessHandle maker = makerOf(parts().get(0));
        killed.destroyForcibly();
        try {
            java(WRITING_JAVA);
            assertThat(warmUp().waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(archives()).isEmpty();
            assertThat(maker.isAlive()).isTrue();
        } finally {
            maker.destroyForcibly();
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> !maker.isAlive());

        assertThat(warmUp().waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(archives()).hasSize(1);
        assertThat(parts()).as("what the killed maker left").isEmpty();
    }

    @Test
    void archivesOfOtherInstallationsInTheUsersCacheStay() throws Exception {
        java(WRITING_JAVA);
        Path other = installation("other");
        Path cache = Files.createDirectories(dir.resolve("cache"));
        sharing(cache, dir);
        sharing(cache, other);

        assertThat(files(cache, ".*\\.jsa")).as("one each").hasSize(2);

        Files.writeString(dir.resolve("lib/new.jar"), "changed");
        sharing(cache, dir);
        assertThat(files(cache, ".*\\.jsa")).as("one's own is replaced").hasSize(2);
    }

    @Test
    void whoeverStartsItFromAnywhereUsesTheSameArchive() throws Exception {
        java(WRITING_JAVA);
        Files.writeString(dir.resolve("lib/a.jar"), "classes");
        assertThat(warmUp("UTC0").waitFor(120, TimeUnit.SECONDS)).isTrue();
        List<Path> made = archives();

        assertThat(warmUp("XXX-9").waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(archives()).hasSize(1).isEqualTo(made);
    }

    @Test
    void archiveOfAnInstallationThatIsGoneIsRemoved() throws Exception {
        java(WRITING_JAVA);
        Path other = installation("other");
        Path cache = Files.createDirectories(dir.resolve("cache"));
        sharing(cache, other);
        Path left = files(cache, ".*\\.jsa").get(0);
        Files.move(other, dir.resolve("elsewhere"));

        sharing(cache, dir);

        assertThat(files(cache, ".*\\.jsa")).hasSize(1).doesNotContain(left);
        assertThat(files(cache, ".*\\.from")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "-XX:+UseG1GC, -XX:+UseSerialGC",
        "-XX:+UseZGC, -XX:NewRatio",
        "-XX:MaxHeapFreeRatio=40, -XX:MinHeapFreeRatio",
        "-Xmn8m, -XX:NewRatio",
        "-Xmx48m, -Xms64m",
        "-XX:MaxRAMPercentage=60, -Xms64m",
        "-XX:SharedArchiveFile=mine.jsa, -XX:SharedArchiveFile=/",
        "-Xshare:off, -Xshare:auto"
    })
    void optionsOfTheUserWin(String given, String ours) throws Exception {
        java(WRITING_JAVA);
        assertThat(warmUp().waitFor(120, TimeUnit.SECONDS)).isTrue();
        java("echo \"java $*\"");

        assertThat(worker("")).contains(ours);
        assertThat(worker(given)).contains(given).doesNotContain(ours);
    }

    private String worker(String options) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(dir.resolve("bin/levada").toString(), "worker");
        command.environment().put("JAVA_HOME", dir.resolve("jre").toString());
        command.environment().put("LEVADA_OPTS", options);
        command.environment().keySet().removeAll(List.of("LEVADA_JSA", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        Path output = dir.resolve("output");
        assertThat(command.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start()
                        .waitFor(120, TimeUnit.SECONDS))
                .isTrue();
        return Files.readString(output);
    }

    /** Another copy of the distribution, with the same JDK. */
    private Path installation(String name) throws IOException {
        Path home = dir.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.copy(dir.resolve("bin/levada"), home.resolve("bin/levada"));
        return home;
    }

    /** Warms an installation up whose own {@code cds/} cannot be used, so that it turns to the user's cache. */
    private void sharing(Path cache, Path home) throws IOException, InterruptedException {
        Path own = home.resolve("cds");
        Files.deleteIfExists(own);
        Files.writeString(own, "no folder");
        ProcessBuilder command = new ProcessBuilder(home.resolve("bin/levada").toString(), "warm-up");
        command.environment().put("JAVA_HOME", dir.resolve("jre").toString());
        command.environment().put("XDG_CACHE_HOME", cache.toString());
        command.environment().remove("LEVADA_JSA");
        assertThat(command.redirectErrorStream(true)
                        .redirectOutput(dir.resolve("output").toFile())
                        .start()
                        .waitFor(120, TimeUnit.SECONDS))
                .isTrue();
    }

    private void java(String script) throws IOException {
        Path java = dir.resolve("jre/bin/java");
        Files.deleteIfExists(java);
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private Process warmUp() throws IOException {
        return warmUp("UTC0");
    }

    /** @param timeZone of whoever starts it */
    private Process warmUp(String timeZone) throws IOException {
        ProcessBuilder command = new ProcessBuilder(dir.resolve("bin/levada").toString(), "warm-up");
        command.environment().put("JAVA_HOME", dir.resolve("jre").toString());
        command.environment().put("TZ", timeZone);
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
        return files(dir.resolve("cds"), pattern);
    }

    private static List<Path> files(Path folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .toList();
        }
    }
}
