/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Apache Kafka Connect's own worker as a process of its own, at the same address whenever it is started. What it knows is in topics of a
 * broker's, which outlives it. Closing it kills it.
 */
public final class ApacheWorker implements AutoCloseable {

    private static final Path LIBS = Path.of("..", "test-peers", "target", "kafka", "libs")
            .toAbsolutePath()
            .normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path folder;
    private final ConnectRest rest;
    private Process process;

    private ApacheWorker(Path folder, ConnectRest rest) throws IOException {
        this.folder = folder;
        this.rest = rest;
        this.process = launch();
    }

    /**
     * Starts one that delivers exactly once, and waits until it answers.
     *
     * @param folder for its configuration and its log
     * @param plugins a folder of plugins, each in a folder of its own
     */
    public static ApacheWorker start(Path folder, String bootstrap, Path plugins) throws IOException {
        if (!Files.isDirectory(LIBS)) {
            throw new IllegalStateException(LIBS + " is missing: run ./mvnw -pl test-peers generate-test-resources");
        }
        String url = "http://127.0.0.1:" + FreePort.next();
        List<String> lines = new ArrayList<>(List.of(
                "bootstrap.servers=" + bootstrap,
                "listeners=" + url,
                "group.id=apache",
                "plugin.path=" + plugins.toAbsolutePath(),
                "plugin.discovery=service_load",
                "exactly.once.source.support=enabled",
                "offset.flush.interval.ms=500"));
        for (String kind : List.of("key", "value")) {
            lines.add(kind + ".converter=org.apache.kafka.connect.json.JsonConverter");
        }
        for (String kind : List.of("config", "offset", "status")) {
            lines.add(kind + ".storage.topic=apache-" + kind);
            lines.add(kind + ".storage.replication.factor=1");
        }
        lines.addAll(List.of("offset.storage.partitions=1", "status.storage.partitions=1"));
        Files.createDirectories(folder);
        Files.write(folder.resolve("worker.properties"), lines);
        ApacheWorker worker = new ApacheWorker(folder, new ConnectRest(url));
        worker.awaitHealthy();
        return worker;
    }

    private Process launch() throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                LIBS + "/*",
                "org.apache.kafka.connect.cli.ConnectDistributed",
                folder.resolve("worker.properties").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return folder.resolve("worker.log");
    }

    private void awaitHealthy() {
        await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("the worker ended while it started:\n" + Files.readString(log()));
            }
            return rest.healthy();
        });
    }

    public ConnectRest rest() {
        return rest;
    }

    /** Ends it in good order. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running " + PATIENCE + " after it was told to end");
        }
    }

    /** The same again, after {@link #stop}. */
    public void startAgain() throws IOException {
        if (process.isAlive()) {
            throw new IllegalStateException("still running");
        }
        process = launch();
        awaitHealthy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
