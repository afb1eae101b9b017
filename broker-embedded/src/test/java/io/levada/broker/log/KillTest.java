/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.directory.LogDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of a process that appends from several threads: everything it had acknowledged is there, once, where it said. */
@Timeout(600)
class KillTest {
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 2000;

    @TempDir
    Path dir;

    @RepeatedTest(3)
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        Map<Long, String> acknowledged = new TreeMap<>();
        Process appender = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledAppender.class.getName(),
                        dir.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(appender.getInputStream(), StandardCharsets.UTF_8))) {
            read(lines, acknowledged, ACKNOWLEDGED_BEFORE_THE_KILL);
            appender.toHandle().destroyForcibly();
            read(lines, acknowledged, Integer.MAX_VALUE);
        } finally {
            appender.destroyForcibly().waitFor();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_THE_KILL);
        try (LogDirectory directory =
                LogDirectory.open(dir, LogFixture.config(), FlushPolicy.FSYNC, InstantSource.system())) {
            List<String> values =
                    LogFixture.values(directory.log(LogFixture.ORDERS).orElseThrow());
            assertThat(values).doesNotHaveDuplicates();
            acknowledged.forEach(
                    (offset, value) -> assertThat(values.get(offset.intValue())).isEqualTo(value));
        }
    }

    /** Lines are {@code <offset> <value>}; one that the kill cut short was not acknowledged. */
    private static void read(BufferedReader lines, Map<Long, String> acknowledged, int enough) throws IOException {
        while (acknowledged.size() < enough) {
            String line = lines.readLine();
            if (line == null) {
                return;
            }
            if (line.endsWith(".")) {
                String[] parts = line.substring(0, line.length() - 1).split(" ", 2);
                acknowledged.put(Long.parseLong(parts[0]), parts[1]);
            }
        }
    }
}
