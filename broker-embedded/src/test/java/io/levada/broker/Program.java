/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Other people's programs, run as processes of their own. */
final class Program {
    private static final int SECONDS_MAX = 240;
    private final List<String> command;

    private Program(List<String> command) {
        this.command = command;
    }

    /** One of Apache Kafka's command-line tools, by its class. */
    static Program kafka(String mainClass, String... arguments) {
        Path libs = Path.of("..", "test-peers", "target", "kafka", "libs")
                .toAbsolutePath()
                .normalize();
        Assertions.assertTrue(
                Files.isDirectory(libs), libs + " is missing; mvn -pl test-peers generate-test-resources makes it");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                libs.resolve("*").toString(),
                mainClass));
        command.addAll(List.of(arguments));
        return new Program(command);
    }

    /** The client that is built on librdkafka; a machine without it skips the test, saying so. */
    static Program kcat(String... arguments) {
        Assumptions.assumeTrue(
                onPath("kcat"), "kcat is not installed; apt-get install kcat (or brew install kcat) and run again");
        List<String> command = new ArrayList<>(List.of("kcat"));
        command.addAll(List.of(arguments));
        return new Program(command);
    }

    /** Gives it {@code input}, waits for its end, and returns what it wrote; fails if it does not end well. */
    String run(String input) throws IOException, InterruptedException {
        Path output = Files.createTempFile("program", ".out");
        Path errors = Files.createTempFile("program", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output);
        Assertions.assertTrue(ended && process.exitValue() == 0, () -> command + " failed: " + text + read(errors));
        Files.delete(output);
        Files.delete(errors);
        return text;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
