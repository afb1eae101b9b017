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

/** What Kafka's own tool {@code kafka-dump-log} prints of the files of a partition. */
public final class KafkaDump {
    private static final String ALL = ".*\\.(log|index|timeindex|txnindex|snapshot)";

    private KafkaDump() {}

    /** Of every kind of file. */
    public static String of(Path folder, String... options) throws IOException, InterruptedException {
        return of(folder, ALL, options);
    }

    /** Of the records alone. */
    public static String ofRecords(Path folder, String... options) throws IOException, InterruptedException {
        return of(folder, ".*\\.log", options);
    }

    private static String of(Path folder, String files, String... options) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder.getParent(), "dump", ".txt");
        Process process = new ProcessBuilder(command(folder, files, options))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        String dump = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(dump).isZero();
        return dump;
    }

    private static List<String> command(Path folder, String files, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                KafkaPeer.classPath(),
                "org.apache.kafka.tools.DumpLogSegments",
                "--files"));
        try (Stream<Path> all = Files.list(folder)) {
            command.add(all.map(Path::toString)
                    .filter(file -> file.matches(files))
                    .sorted()
                    .collect(Collectors.joining(",")));
        }
        command.addAll(List.of(options));
        return command;
    }

    /** Everything could be read, and every index agrees with the records. Offsets may be missing. */
    public static void hasNoComplaint(String dump) {
        assertThat(dump).contains("isvalid: true");
        assertThat(dump)
                .doesNotContain(
                        "isvalid: false",
                        "Mismatches",
                        "timestamp mismatch",
                        "out of order",
                        "could not be found",
                        "Exception",
                        "Ignoring");
    }

    /** A line for each gap between offsets; Kafka 4.3's tool also says "-1 is followed by N" of every segment that does not begin at 0. */
    public static List<String> gaps(String dump) {
        return dump.lines()
                .filter(line -> line.contains("is followed by") && !line.startsWith("  -1 is"))
                .toList();
    }
}
