/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code bin/levada} of the built distribution as a process of its own, over a folder that outlives it. Closing it kills what is
 * still running.
 */
public final class LevadaProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration STOP_MAX = Duration.ofMinutes(2);

    private final Path folder;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Path log;
    private Process process;

    private LevadaProcess(Path folder, List<String> arguments, Map<String, String> environment) {
        this.folder = folder;
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
        this.log = folder.resolve("levada.log");
        this.process = launch();
    }

    /** Runs {@code levada arguments...} with {@code folder} as its working directory and {@code levada.log} in it as its output. */
    public static LevadaProcess run(Path folder, String... arguments) {
        return new LevadaProcess(folder, List.of(arguments), Map.of());
    }

    /** As {@link #run(Path, String...)}, with environment variables of its own. */
    public static LevadaProcess run(Path folder, Map<String, String> environment, String... arguments) {
        return new LevadaProcess(folder, List.of(arguments), environment);
    }

    /** A worker whose data is under {@code folder}; {@code properties} are laid over loopback listeners on free ports. */
    public static RunningWorker worker(Path folder, Map<String, String> properties) {
        int restPort = FreePort.next();
        int brokerPort = FreePort.next();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listeners", "http://localhost:" + restPort);
        all.put("broker.listeners", "PLAINTEXT://localhost:" + brokerPort);
        all.put("data.dir", folder.resolve("data").toString());
        all.put("offset.flush.interval.ms", "500");
        all.putAll(properties);
        Path file = folder.resolve("worker.properties");
        List<String> lines = new ArrayList<>();
        all.forEach((key, value) -> lines.add(key + "=" + value));
        try {
            Files.createDirectories(folder);
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LevadaProcess process = run(folder, "worker", "--config", file.toString());
        RunningWorker worker =
                new RunningWorker(process, new ConnectRest("http://localhost:" + restPort), "localhost:" + brokerPort);
        worker.awaitHealthy(START_MAX);
        return worker;
    }

    /** The distribution's folder, made by the build of module cli. */
    public static Path distribution() {
        Path built = Path.of("..", "cli", "target", "levada").toAbsolutePath().normalize();
        if (!Files.isExecutable(built.resolve("bin/levada"))) {
            throw new IllegalStateException(
                    "no distribution in " + built + ": run ./mvnw verify, or ./mvnw package first");
        }
        return built;
    }

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Everything it has printed so far, over all its lives. */
    public String output() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for it to end by itself. */
    public int exitCode(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + timeout + ":\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** SIGTERM, and its exit code. */
    public int terminate() {
        process.destroy();
        return exitCode(STOP_MAX);
    }

    /** SIGKILL: no chance to say goodbye. */
    public void kill() {
        process.destroyForcibly();
        exitCode(STOP_MAX);
    }

    /** The same command over the same folder. */
    public void startAgain() {
        if (process.isAlive()) {
            throw new IllegalStateException("still running");
        }
        process = launch();
    }

    /** Waits until it has printed {@code text}. */
    public void awaitOutput(String text, Duration timeout) {
        await().atMost(timeout).until(() -> output().contains(text));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>();
        command.add(distribution().resolve("bin/levada").toString());
        command.addAll(arguments);
        try {
            Files.createDirectories(folder);
            ProcessBuilder builder = new ProcessBuilder(Interruptible.command(command.toArray(String[]::new)))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
