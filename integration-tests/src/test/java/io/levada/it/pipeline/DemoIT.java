/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.LevadaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code levada demo}, as a stranger runs it. */
final class DemoIT {

    private static final Duration END_MAX = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void everyRowArrivesEverywhereExactlyOnce() {
        try (LevadaProcess demo = demo("--seconds", "8")) {
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isZero();
            assertThat(demo.output()).contains("exactly once").contains("REST").contains("console");
        }
    }

    @Test
    void aRowThatIsThereTwiceIsToldAndFailsTheDemo() throws Exception {
        Path lines = folder.resolve("demo/files/orders.jsonl");
        try (LevadaProcess demo = demo("--seconds", "2")) {
            assertThat(demo.exitCode(END_MAX)).as(demo.output()).isZero();
            Files.writeString(lines, Files.readAllLines(lines).get(0) + "\n", StandardOpenOption.APPEND);

            demo.startAgain();

            assertThat(demo.exitCode(END_MAX)).isEqualTo(1);
            assertThat(demo.output())
                    .contains("1 rows are in the file more than once")
                    .contains("--fresh");
        }
    }

    @Test
    void noRowIsLostWhenItIsKilledInTheMiddleAndRunAgainOverTheSameData() throws Exception {
        Path lines = folder.resolve("demo/files/orders.jsonl");
        try (LevadaProcess demo = demo("--seconds", "8")) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            Files.exists(lines) && Files.readAllLines(lines).size() > 100);
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
        String[] arguments = java.util.Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, arguments, all.length, more.length);
        return arguments;
    }
}
