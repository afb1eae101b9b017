/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka Connect is stopped and Levada started with the same properties, and the other way round: connectors go on where they were. */
@Timeout(1200)
class HandOverTest {
    private static final int LINES = 20;

    @TempDir
    Path dir;

    private int lines;

    /** Delivered at least once, and exactly once: then each fences the other's tasks, by the same transactional ids and the same records. */
    @ParameterizedTest
    @ValueSource(strings = {"disabled", "enabled"})
    void connectorsGoOnWhereTheyWereWhoeverRunsThem(String exactlyOnce) throws Exception {
        Files.createFile(input());
        try (ApacheKafka kafka = ApacheKafka.start(dir)) {
            Map<String, String> properties = Map.ofEntries(
                    Map.entry("bootstrap.servers", kafka.bootstrapServers()),
                    Map.entry("group.id", "pipelines"),
                    Map.entry("config.storage.topic", "pipelines-configs"),
                    Map.entry("offset.storage.topic", "pipelines-offsets"),
                    Map.entry("status.storage.topic", "pipelines-status"),
                    Map.entry("config.storage.replication.factor", "1"),
                    Map.entry("offset.storage.replication.factor", "1"),
                    Map.entry("status.storage.replication.factor", "1"),
                    Map.entry("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
                    Map.entry("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
                    Map.entry("offset.flush.interval.ms", "200"),
                    Map.entry("exactly.once.source.support", exactlyOnce),
                    Map.entry("plugin.path", ApacheWorker.PLUGINS.toString()),
                    Map.entry("listeners", "http://localhost:0"));
            try (RunningWorker levada = new RunningWorker(properties, Map.of())) {
                levada.create("from-file", source());
                levada.create("into-file", sink());
                moreLinesPass(kafka);
            }
            for (String life : List.of("first", "second")) {
                try (ApacheWorker apache = ApacheWorker.distributed(dir.resolve(life), properties)) {
                    moreLinesPass(kafka);
                    apache.stop();
                }
                try (RunningWorker levada = new RunningWorker(properties, Map.of())) {
                    moreLinesPass(kafka);
                    levada.awaitStates("from-file", "RUNNING", "RUNNING");
                    levada.awaitStates("into-file", "RUNNING", "RUNNING");
                }
            }
            assertThat(transactionalIds(kafka))
                    .isEqualTo(exactlyOnce.equals("enabled") ? Set.of("pipelines-from-file-0") : Set.of());
        }
    }

    /** Of source tasks; Kafka Connect's leader has one too, for the config topic. */
    private static Set<String> transactionalIds(ApacheKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.listTransactions().all().get(1, TimeUnit.MINUTES).stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith("pipelines-"))
                    .collect(Collectors.toSet());
        }
    }

    /** Each line once, and all in their order, in the topic and in the file. */
    private void moreLinesPass(ApacheKafka kafka) throws IOException {
        List<String> more = numbered(lines + LINES).subList(lines, lines + LINES);
        Files.write(input(), more, StandardOpenOption.APPEND);
        lines += LINES;
        assertThat(RunningWorker.values(kafka.bootstrapServers(), "lines", lines))
                .isEqualTo(numbered(lines));
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(Files.readAllLines(output())).isEqualTo(numbered(lines)));
    }

    private Map<String, String> source() {
        return Map.of(
                "connector.class",
                ApacheWorker.FILE_SOURCE,
                "tasks.max",
                "1",
                "file",
                input().toString(),
                "topic",
                "lines");
    }

    private Map<String, String> sink() {
        return Map.of(
                "connector.class",
                ApacheWorker.FILE_SINK,
                "tasks.max",
                "1",
                "topics",
                "lines",
                "file",
                output().toString());
    }

    private Path input() {
        return dir.resolve("input.txt");
    }

    private Path output() {
        return dir.resolve("output.txt");
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(number -> "line " + number).toList();
    }
}
