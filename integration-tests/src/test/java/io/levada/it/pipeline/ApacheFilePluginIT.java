/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache's own {@code connect-file} jar, dropped into plugin.path, runs unchanged. */
final class ApacheFilePluginIT {

    private static final Path PLUGINS =
            Path.of("..", "test-peers", "target", "plugins").toAbsolutePath().normalize();
    private static final String SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector";
    private static final String SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector";
    private static final String STRINGS = "org.apache.kafka.connect.storage.StringConverter";

    @TempDir
    private Path folder;

    @Test
    void sourceAndSinkRunAndGoOnAfterAKill() throws Exception {
        Path in = Files.writeString(folder.resolve("in.txt"), "one\ntwo\n");
        Path out = folder.resolve("out.txt");
        try (RunningWorker worker = LevadaProcess.worker(folder, Map.of("plugin.path", PLUGINS.toString()))) {
            assertThat(plugins(worker)).as("Apache's classes are listed").contains(SOURCE, SINK);
            worker.rest()
                    .createRunning(
                            "apache-source",
                            Map.of(
                                    "connector.class",
                                    SOURCE,
                                    "file",
                                    in.toString(),
                                    "topic",
                                    "lines",
                                    "value.converter",
                                    STRINGS));
            worker.rest()
                    .createRunning(
                            "apache-sink",
                            Map.of(
                                    "connector.class",
                                    SINK,
                                    "file",
                                    out.toString(),
                                    "topics",
                                    "lines",
                                    "value.converter",
                                    STRINGS));
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.exists(out) && Files.readAllLines(out).equals(List.of("one", "two")));

            worker.killAndStartAgain();

            Files.writeString(in, "three\n", StandardOpenOption.APPEND);
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Files.readAllLines(out)).contains("one", "two", "three"));
        }
    }

    private static List<String> plugins(RunningWorker worker) {
        JsonNode plugins =
                worker.rest().get("/connector-plugins").expecting(200).body();
        return StreamSupport.stream(plugins.spliterator(), false)
                .map(p -> p.path("class").asText())
                .toList();
    }
}
