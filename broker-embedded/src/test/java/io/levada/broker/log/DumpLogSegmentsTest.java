/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own tool reads every file of a partition and finds nothing to complain of. */
class DumpLogSegmentsTest {
    @TempDir
    Path dir;

    private LogFixture fixture;

    @BeforeEach
    void severalSegmentsOfEveryKind() {
        fixture = LogFixture.in(dir, "segment.bytes", "4000", "index.interval.bytes", "300");
        for (int i = 0; i < 100; i++) {
            fixture.log().append(Batches.at(1000 + (i * 7) % 500, "a" + i, "b" + i));
            fixture.log().append(Batches.idempotent(7, 2, 2 * i, "c" + i, "d" + i));
            fixture.log().append(Batches.compressed(Compression.gzip().build(), "e" + i, "f" + i));
            fixture.begin(8, 0, i, "g" + i);
            fixture.log()
                    .endTransaction(8, (short) 0, 3, i % 3 == 0 ? TransactionResult.ABORT : TransactionResult.COMMIT);
        }
    }

    @Test
    void afterACleanStop() throws Exception {
        fixture.close();
        kafkaHasNoComplaint();
    }

    @Test
    void afterAKillAndARecovery() throws Exception {
        fixture.kill();
        fixture.start();
        fixture.log().append(Batches.of("last"));
        fixture.close();
        kafkaHasNoComplaint();
    }

    private void kafkaHasNoComplaint() throws Exception {
        String dump = dump("--deep-iteration");
        assertThat(dump).contains("Log starting offset: 0", "baseOffset: 0 lastOffset: 1", "isvalid: true");
        assertThat(dump).contains("producerId: 7 producerEpoch: 2", "lastSequence: 199");
        assertThat(dump.lines().filter(line -> line.startsWith("offset: ") && line.contains(" position: ")))
                .as("index entries")
                .hasSizeGreaterThan(20);
        assertThat(dump.lines().filter(line -> line.startsWith("timestamp: ")))
                .as("time index entries")
                .hasSizeGreaterThan(5);
        assertThat(dump.lines().filter(line -> line.startsWith("version: 0 producerId: 8 ")))
                .as("aborted transactions")
                .hasSize(34);
        assertThat(dump).contains("endTxnMarker: ABORT coordinatorEpoch: 3", "endTxnMarker: COMMIT");
        assertThat(dump)
                .doesNotContain(
                        "isvalid: false",
                        "Mismatches",
                        "timestamp mismatch",
                        "out of order",
                        "could not be found",
                        "Exception",
                        "Ignoring");
        // Kafka 4.3's tool says "-1 is followed by N" of every segment that does not begin at 0.
        assertThat(dump.lines().filter(line -> line.contains("is followed by") && !line.startsWith("  -1 is")))
                .isEmpty();
        assertThat(dump("--index-sanity-check")).doesNotContain("Exception").contains("passed sanity check");
    }

    private String dump(String option) throws IOException, InterruptedException {
        Path output = dir.resolve("dump.txt");
        Process process = new ProcessBuilder(command(option))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String dump = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(dump).isZero();
        return dump;
    }

    private List<String> command(String option) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                KafkaPeer.classPath(),
                "org.apache.kafka.tools.DumpLogSegments",
                "--files"));
        try (Stream<Path> files = Files.list(fixture.folder())) {
            command.add(files.map(Path::toString)
                    .filter(file -> file.matches(".*\\.(log|index|timeindex|txnindex|snapshot)"))
                    .sorted()
                    .collect(Collectors.joining(",")));
        }
        command.add(option);
        return command;
    }
}
