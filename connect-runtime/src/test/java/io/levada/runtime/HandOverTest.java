/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.runtime.connector.TargetState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
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

/**
 * Kafka Connect is stopped and Levada started with the same properties, and the other way round: connectors go on where they were, are paused and stopped
 * if they were, and have the offsets that they were given meanwhile.
 */
@Timeout(1200)
class HandOverTest {
    private static final int LINES = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String OFFSETS = "/connectors/stopped/offsets";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    private int lines;
    private int restPort;

    /** Delivered at least once, and exactly once: then each fences the other's tasks, by the same transactional ids and the same records. */
    @ParameterizedTest
    @ValueSource(strings = {"disabled", "enabled"})
    void connectorsGoOnWhereTheyWereWhoeverRunsThem(String exactlyOnce) throws Exception {
        Files.createFile(input());
        restPort = ApacheKafka.freePort();
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
                    Map.entry("listeners", "http://localhost:" + restPort));
            try (RunningWorker levada = new RunningWorker(properties, Map.of())) {
                levada.create("from-file", source("lines"));
                levada.create("into-file", sink());
                levada.create("paused", source("held"), TargetState.PAUSED);
                Map<String, String> own = new HashMap<>(source("moved"));
                own.put("offsets.storage.topic", "moved-offsets");
                levada.create("stopped", own, TargetState.STOPPED);
                moreLinesPass(kafka);
                alterOffset(2);
            }
            for (String life : List.of("first", "second")) {
                try (ApacheWorker apache = ApacheWorker.distributed(dir.resolve(life), properties)) {
                    moreLinesPass(kafka);
                    requireOffset(2);
                    alterOffset(life.equals("first") ? 5 : 7);
                    apache.stop();
                }
                try (RunningWorker levada = new RunningWorker(properties, Map.of())) {
                    moreLinesPass(kafka);
                    levada.awaitStates("from-file", "RUNNING", "RUNNING");
                    levada.awaitStates("into-file", "RUNNING", "RUNNING");
                    levada.awaitStates("paused", "PAUSED");
                    levada.awaitStates("stopped", "STOPPED");
                    requireOffset(life.equals("first") ? 5 : 7);
                    assertThat(topics(kafka)).doesNotContain("held", "moved");
                    if (life.equals("first")) {
                        alterOffset(2);
                    } else {
                        restGoesOn(levada);
                    }
                }
            }
            assertThat(transactionalIds(kafka))
                    .isEqualTo(
                            exactlyOnce.equals("enabled")
                                    ? Set.of("pipelines-from-file-0", "pipelines-paused-0", "pipelines-stopped-0")
                                    : Set.of());
        }
    }

    private void restGoesOn(RunningWorker levada) {
        rest("PUT", "/connectors/paused/resume", "");
        rest("PUT", "/connectors/stopped/resume", "");
        assertThat(levada.values("held", lines)).isEqualTo(numbered(lines));
        assertThat(levada.values("moved", lines - 7)).isEqualTo(numbered(lines).subList(7, lines));
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

    private static Set<String> topics(ApacheKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.listTopics().names().get(1, TimeUnit.MINUTES);
        }
    }

    /** Whoever runs: lets the stopped source go on with the line of this number. */
    private void alterOffset(int line) {
        rest("PATCH", OFFSETS, offset(line));
    }

    private void requireOffset(int line) throws IOException {
        assertThat(JSON.readTree(rest("GET", OFFSETS, ""))).isEqualTo(JSON.readTree(offset(line)));
    }

    private String offset(int line) {
        int position = String.join("", numbered(line)).length() + line;
        return "{\"offsets\":[{\"partition\":{\"filename\":\"" + input() + "\"},\"offset\":{\"position\":" + position
                + "}}]}";
    }

    /** The answer of the worker that runs, once it takes the request: one that starts or rebalances does not. */
    private String rest(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + restPort + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .build();
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()),
                        answer -> answer.statusCode() / 100 == 2)
                .body();
    }

    /** Each line once, and all in their order, in the topic and in the file. */
    private void moreLinesPass(ApacheKafka kafka) throws IOException {
        List<String> more = numbered(lines + LINES).subList(lines, lines + LINES);
        Files.write(input(), more, StandardOpenOption.APPEND);
        lines += LINES;
        assertThat(RunningWorker.values(kafka.bootstrapServers(), "lines", lines))
                .isEqualTo(numbered(lines));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.readAllLines(output())).isEqualTo(numbered(lines)));
    }

    private Map<String, String> source(String topic) {
        return Map.of(
                "connector.class",
                ApacheWorker.FILE_SOURCE,
                "tasks.max",
                "1",
                "file",
                input().toString(),
                "topic",
                topic);
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
