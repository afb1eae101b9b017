/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker of Apache Kafka Connect's, as a process of its own. */
record ApacheWorker(Process process) implements AutoCloseable {
    /** Where Apache's file connectors are, as a folder for plugin.path. */
    static final Path PLUGINS =
            Path.of("..", "test-peers", "target", "plugins").toAbsolutePath().normalize();

    static final String FILE_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector";
    static final String FILE_SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector";

    /** Without a group, with one connector. */
    static ApacheWorker standalone(Path folder, Map<String, String> properties, Map<String, String> connector)
            throws IOException {
        return new ApacheWorker(ApacheKafka.java(
                Files.createDirectories(folder),
                "standalone.log",
                "org.apache.kafka.connect.cli.ConnectStandalone",
                write(folder.resolve("worker.properties"), properties),
                write(folder.resolve("connector.properties"), connector)));
    }

    /** In a group, with the connectors that are in its topics. */
    static ApacheWorker distributed(Path folder, Map<String, String> properties) throws IOException {
        return new ApacheWorker(ApacheKafka.java(
                Files.createDirectories(folder),
                "distributed.log",
                "org.apache.kafka.connect.cli.ConnectDistributed",
                write(folder.resolve("worker.properties"), properties)));
    }

    private static String write(Path file, Map<String, String> properties) throws IOException {
        List<String> lines = properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        return Files.write(file, lines).toString();
    }

    /** In good order, so that it commits. */
    void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
