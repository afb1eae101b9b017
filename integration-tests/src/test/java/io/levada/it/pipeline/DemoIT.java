/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.LevadaProcess;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code levada demo}, as a stranger runs it. */
final class DemoIT {

    private static final Duration END_MAX = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void everyChangeArrivesEverywhereExactlyOnce() {
        try (LevadaProcess demo = demo("--seconds", "8")) {
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isZero();
            assertThat(demo.output()).contains("exactly once").contains("REST").contains("console");
        }
        assertThat(folder.resolve("demo/files/orders.jsonl"))
                .content()
                .contains("\"op\":\"c\"", "\"op\":\"u\"", "\"op\":\"d\"", "\"email\":\"******\"")
                .doesNotContain("@example.com");
    }

    @Test
    void noChangeIsLostWhenItIsKilledInTheMiddleAndRunAgainOverTheSameData() throws Exception {
        Path lines = folder.resolve("demo/files/orders.jsonl");
        try (LevadaProcess demo = demo("--seconds", "8")) {
            await().atMost(END_MAX).until(() -> Files.exists(lines) && Files.size(lines) > 20_000);
            demo.kill();

            demo.startAgain();

            int exitCode = demo.exitCode(END_MAX);
            // At-least-once: what was under way when it was killed may be there twice, but nothing may be missing.
            assertThat(exitCode).as(demo.output()).isBetween(0, 1);
            assertThat(demo.output())
                    .containsAnyOf("exactly once.", "more than once")
                    .doesNotContain("are not in");
        }
    }

    @Test
    void laterRunsAreAsCalmAsTheFirstAlsoAfterAKillAndWithThePortsTaken() throws Exception {
        Path connections = folder.resolve("demo/connections.properties");
        Path log = folder.resolve("levada.log");
        try (LevadaProcess demo = demo("--seconds", "2")) {
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isZero();
            Properties first = load(connections);
            Files.delete(log);

            demo.startAgain();
            demo.awaitOutput("records in topic", END_MAX);
            assertCalm(demo.output());
            assertThat(load(connections)).as("free ports are kept").isEqualTo(first);
            demo.kill();
            Files.delete(log);

            demo.startAgain(); // which ends the database that the kill has left
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isBetween(0, 1);
            assertCalm(demo.output());
            Files.delete(log);

            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket postgres = new ServerSocket(port(first, "postgres.port"), 1, loopback);
                    ServerSocket s3 = new ServerSocket(port(first, "s3.port"), 1, loopback)) {
                demo.startAgain();

                assertThat(demo.exitCode(END_MAX)).as(demo.output()).isBetween(0, 1);
                assertCalm(demo.output());
                assertThat(load(connections).getProperty("postgres.url"))
                        .doesNotContain(":" + postgres.getLocalPort() + "/");
                assertThat(load(connections).getProperty("s3.url")).doesNotEndWith(":" + s3.getLocalPort());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalIsAnsweredWithHowItEnded(String signal, int exitCode) throws Exception {
        try (LevadaProcess demo = LevadaProcess.run(folder, without("--exit-when-done"))) {
            demo.awaitOutput("records in topic", END_MAX);

            new ProcessBuilder("kill", "-" + signal, Long.toString(demo.pid()))
                    .start()
                    .waitFor();

            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isEqualTo(exitCode);
            assertThat(demo.output())
                    .contains("Stopping", "Everything is in " + folder.resolve("demo"), "go on", "--fresh")
                    .containsAnyOf("exactly once.", "These are on their way")
                    .contains("--dir " + folder.resolve("demo"));
            assertCalm(demo.output());
        }
    }

    @Test
    void whoStopsItBeforeTheCaptureBeginsFindsEveryChangeInTheNextRun() {
        try (LevadaProcess demo = demo("--seconds", "60")) {
            demo.awaitOutput("It ends by itself", END_MAX);
            demo.terminate();
            assertThat(demo.output()).contains("Everything is in " + folder.resolve("demo"));
        }
        try (LevadaProcess demo = demo("--seconds", "1")) {
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isZero();
        }
    }

    @Test
    void aPortInUseIsToldWithTheWayOut() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LevadaProcess demo = LevadaProcess.run(
                        folder,
                        "demo",
                        "--dir",
                        folder.resolve("demo").toString(),
                        "-o",
                        "listeners=http://localhost:0",
                        "-o",
                        "broker.listeners=PLAINTEXT://localhost:" + taken.getLocalPort())) {
            assertThat(demo.exitCode(END_MAX)).isEqualTo(1);
            assertThat(demo.output()).contains(Integer.toString(taken.getLocalPort()), "A port in use?");
        }
    }

    @Test
    void aChangeThatIsThereTwiceFailsTheDemoUntilItIsStartedFreshWhichLeavesStrangersAlone() throws Exception {
        Path stranger = Files.createDirectories(folder.resolve("stranger"));
        Path thesis = Files.writeString(stranger.resolve("thesis.tex"), "years of work");
        try (LevadaProcess demo = LevadaProcess.run(folder, "demo", "--dir", stranger.toString(), "--fresh")) {
            assertThat(demo.exitCode(END_MAX)).isEqualTo(1);
            assertThat(demo.output()).contains("thesis.tex", "Give --dir").doesNotContain("port");
            assertThat(thesis).hasContent("years of work");
        }
        Path lines = folder.resolve("demo/files/orders.jsonl");
        try (LevadaProcess demo = demo("--seconds", "2")) {
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isZero();
            Files.writeString(lines, Files.readAllLines(lines).get(0) + "\n", StandardOpenOption.APPEND);

            demo.startAgain();

            assertThat(demo.exitCode(END_MAX)).isEqualTo(1);
            assertThat(demo.output())
                    .contains("1 changes are in the file more than once")
                    .contains("--fresh");
        }
        Path mine = Files.writeString(folder.resolve("demo/notes.txt"), "mine");
        try (LevadaProcess demo = demo("--seconds", "1", "--fresh")) {
            assertThat(demo.exitCode(END_MAX))
                    .as("the line that was there twice is gone")
                    .isZero();
            assertThat(demo.output()).contains("Left alone, as it is not the demo's: " + mine);
            assertThat(mine).hasContent("mine");
        }
    }

    private static void assertCalm(String output) {
        assertThat(output).doesNotContain("WARN", "ERROR", "Exception", "\tat ", "\u001b");
        assertThat(output.lines().filter(line -> !line.isBlank())).hasSizeLessThan(60);
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static int port(Properties properties, String key) {
        return Integer.parseInt(properties.getProperty(key));
    }

    private String[] without(String option) {
        return Arrays.stream(arguments()).filter(word -> !word.equals(option)).toArray(String[]::new);
    }

    private LevadaProcess demo(String... more) {
        return LevadaProcess.run(folder, arguments(more));
    }

    private String[] arguments(String... more) {
        String[] all = {
            "demo",
            "--dir",
            folder.resolve("demo").toString(),
            "--exit-when-done",
            "-o",
            "listeners=http://localhost:0",
            "-o",
            "broker.listeners=PLAINTEXT://localhost:0"
        };
        String[] arguments = Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, arguments, all.length, more.length);
        return arguments;
    }
}
