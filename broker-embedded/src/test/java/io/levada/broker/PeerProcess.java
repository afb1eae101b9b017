/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assertions;

/** A program over Apache Kafka's own jars, as a process that is killed rather than stopped. What it says is in a file. */
final class PeerProcess implements AutoCloseable {
    private static final Path LIBS = Path.of("..", "test-peers", "target", "kafka", "libs")
            .toAbsolutePath()
            .normalize();
    private static final Path SOURCES = Path.of("src", "test", "peers");
    private static final int LINES_TOLD = 40;

    private final Process process;
    private final Path log;

    private PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Compiles a class of src/test/peers against Apache's jars into a folder of its own. */
    static void compile(String className, Path classes) throws IOException {
        Assertions.assertTrue(
                Files.isDirectory(LIBS), LIBS + " is missing; mvn -pl test-peers generate-test-resources makes it");
        Files.createDirectories(classes);
        Path source = SOURCES.resolve(className.replace('.', '/') + ".java");
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        jars(),
                        "-d",
                        classes.toString(),
                        source.toAbsolutePath().toString());
        Assertions.assertEquals(0, errors, source + " does not compile");
    }

    /** Starts a main class of Apache's jars and of {@code classes}; what it writes is added to {@code log}. */
    static PeerProcess start(Path log, Path classes, String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + File.pathSeparator + LIBS.resolve("*"),
                mainClass));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new PeerProcess(process, log);
    }

    /** SIGKILL, and waits until it is gone. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The end of what it wrote, for the message of a failed test. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** The compiler, unlike the launcher, is told every jar by name. */
    private static String jars() throws IOException {
        try (Stream<Path> files = Files.list(LIBS)) {
            return String.join(File.pathSeparator, files.map(Path::toString).toList());
        }
    }
}
