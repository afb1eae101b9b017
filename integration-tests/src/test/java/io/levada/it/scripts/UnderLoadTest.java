/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.scripts.FakeMachine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/under-load} tells which run failed, and takes its load away however it ends. A script stands in for the build. */
final class UnderLoadTest {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Pattern LOAD = Pattern.compile("load: processes ([0-9 ]+);");

    @TempDir
    private Path folder;

    private FakeMachine machine;
    private Path script;

    @BeforeEach
    void aCheckout() throws IOException {
        machine = new FakeMachine(folder.resolve("machine"));
        script = folder.resolve("checkout/.ci/under-load");
        Files.createDirectories(script.getParent());
        Files.copy(Path.of("..", ".ci", "under-load"), script);
    }

    @Test
    void oneFailureInThreeIsToldWithItsLog() throws Exception {
        build("""
                echo run >>runs
                echo '[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in a.BTest'
                echo '[INFO] Tests run: 40, Failures: 0, Errors: 0, Skipped: 2'
                if [ "$(grep -c run runs)" = 2 ]; then echo '[ERROR] Tests run: 7, Failures: 1, Errors: 2, Skipped: 0'; exit 1; fi
                """);

        Ended ended = machine.run(script, "3");

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output())
                .containsPattern("run 1/3: passed in \\d+ s, 40 tests, 0 failed, 2 skipped")
                .containsPattern("run 2/3: FAILED in \\d+ s, 47 tests, 3 failed, 2 skipped")
                .contains("2 of 3 passed");
        assertThat(folder.resolve("checkout/target/under-load/run-2.log"))
                .content()
                .contains("Tests run: 7");
        assertNoneAlive(load(ended.output()));
    }

    @Test
    void interruptedItEndsTheBuildAndTheLoad() throws Exception {
        build("echo $$ >pid; exec sleep 250");
        Path output = folder.resolve("output.txt");
        Process process = machine.start(output, script);
        Path pid = folder.resolve("checkout/pid");
        await().atMost(DEADLINE)
                .until(() -> Files.exists(pid) && !Files.readString(pid).isBlank());

        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();

        assertThat(FakeMachine.ended(process, output).exitCode()).isEqualTo(130);
        assertNoneAlive(load(Files.readString(output)));
        assertNoneAlive(List.of(Long.parseLong(Files.readString(pid).strip())));
    }

    @Test
    void numberOfRunsThatIsNoneIsRefused() throws Exception {
        assertThat(machine.run(script, "0").exitCode()).isEqualTo(2);
        assertThat(machine.run(script, "-1").output()).contains("usage");
    }

    private void build(String mvnw) throws IOException {
        FakeMachine.executable(folder.resolve("checkout/mvnw"), mvnw);
    }

    private static List<Long> load(String output) {
        Matcher processes = LOAD.matcher(output);
        assertThat(processes.find()).as(output).isTrue();
        return Arrays.stream(processes.group(1).split(" ")).map(Long::valueOf).toList();
    }

    private static void assertNoneAlive(List<Long> processes) {
        await().atMost(DEADLINE)
                .until(() -> processes.stream()
                        .noneMatch(pid -> ProcessHandle.of(pid)
                                .map(ProcessHandle::isAlive)
                                .orElse(false)));
    }
}
