/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.runtime.connectors.CountingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker without a group: where it stands is in a file, which it and Kafka Connect's standalone worker hand to one another. */
@Timeout(900)
class StandaloneTest {
    @TempDir
    Path dir;

    @Test
    void offsetsAreInTheFileAndNothingElseIsKept() throws Exception {
        Map<String, String> counting = Map.of(
                "connector.class", CountingSource.class.getName(), "tasks.max", "1", "topic", "counted", "count", "50");
        Map<String, String> further = Map.of(
                "connector.class", CountingSource.class.getName(), "tasks.max", "1", "topic", "counted", "count", "80");
        try (RunningWorker worker = new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        dir.resolve("data").toString()),
                Map.of("offset.storage.file.filename", offsets().toString()))) {
            worker.create("counter", counting);
            assertThat(worker.values("counted", 50)).hasSize(50);
            worker.restart();
            assertThat(worker.status("counter"))
                    .as("connectors are in memory only")
                    .isNull();
            worker.create("counter", further);
            assertThat(worker.values("counted", 80)).hasSize(80).doesNotHaveDuplicates();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", worker.bootstrapServers()))) {
                assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith("connect-"));
            }
        }
    }

    @Test
    void kafkaConnectAndLevadaGoOnWhereTheOtherStopped() throws Exception {
        Path input = Files.createFile(dir.resolve("input.txt"));
        Map<String, String> lines = Map.of(
                "name", "lines",
                "connector.class", ApacheWorker.FILE_SOURCE,
                "tasks.max", "1",
                "file", input.toString(),
                "topic", "lines");
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.from(Map.of(
                "broker.listeners",
                "PLAINTEXT://localhost:0",
                "data.dir",
                dir.resolve("data").toString())))) {
            Map<String, String> properties = Map.of(
                    "bootstrap.servers", broker.bootstrapServers(),
                    "offset.storage.file.filename", offsets().toString(),
                    "plugin.path", ApacheWorker.PLUGINS.toString(),
                    "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "offset.flush.interval.ms", "200",
                    "listeners", "http://localhost:0");
            append(input, 0, 10);
            try (ApacheWorker apache = ApacheWorker.standalone(dir.resolve("first"), properties, lines)) {
                assertThat(values(broker, 10)).isEqualTo(numbered(10));
                apache.stop();
            }
            append(input, 10, 20);
            try (RunningWorker levada = new RunningWorker(properties, Map.of())) {
                levada.create("lines", lines);
                assertThat(levada.values("lines", 20)).isEqualTo(numbered(20));
            }
            append(input, 20, 30);
            try (ApacheWorker apache = ApacheWorker.standalone(dir.resolve("second"), properties, lines)) {
                assertThat(values(broker, 30)).isEqualTo(numbered(30));
                apache.stop();
            }
        }
    }

    @Test
    void aFileThatIsNoneIsToldAtTheStart() throws Exception {
        Files.writeString(offsets(), "not a serialized map");
        assertThatThrownBy(() -> new RunningWorker(
                        Map.of(
                                "broker.listeners",
                                "PLAINTEXT://localhost:0",
                                "data.dir",
                                dir.resolve("data").toString()),
                        Map.of("offset.storage.file.filename", offsets().toString())))
                .hasMessageContaining(offsets().toString())
                .hasMessageContaining("damaged");
    }

    private static List<String> values(EmbeddedBroker broker, int count) {
        return RunningWorker.values(broker.bootstrapServers(), "lines", count);
    }

    private Path offsets() {
        return dir.resolve("connect.offsets");
    }

    private static void append(Path file, int from, int to) throws IOException {
        Files.write(file, numbered(to).subList(from, to), StandardOpenOption.APPEND);
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(number -> "line " + number).toList();
    }
}
