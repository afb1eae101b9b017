/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.runtime.connectors.CountingSource;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers of one group share its connectors; any of them takes any request. */
@Timeout(600)
class GroupTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> QUICK =
            Map.of("heartbeat.interval.ms", "200", "scheduled.rebalance.max.delay.ms", "0");

    @TempDir
    Path dir;

    /** On the broker inside the first one, over its listener. */
    @Test
    void whatChangesAtOneConnectorOrWorkerMovesNothingElse() {
        Map<String, String> inside = Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", dir.toString());
        try (RunningWorker first = new RunningWorker(inside, QUICK);
                RunningWorker second = follower(first)) {
            Map<String, Integer> shares;
            try (RunningWorker third = follower(first)) {
                List<RunningWorker> all = List.of(first, second, third);
                assertThat(ask(second, "DELETE", "/connectors/group-a?forward=false", ""))
                        .isEqualTo(409);
                put(third, "group-a", 10);
                put(second, "group-b", 10);
                shares = awaitSpread(all, 3);
                assertThat(shares.values()).containsExactly(2, 2, 2);
                int before = CountingSource.starts("group-b");

                put(second, "group-a", 20);

                await().atMost(PATIENCE).until(() -> CountingSource.starts("group-a") >= 6);
                assertThat(awaitSpread(all, 3)).isEqualTo(shares);
                assertThat(CountingSource.starts("group-a")).isEqualTo(6);
                assertThat(CountingSource.starts("group-b")).isEqualTo(before);
                int both = CountingSource.starts("group-a") + before;
                third.end();

                assertThat(awaitSpread(List.of(first, second), 2).values()).containsExactly(3, 3);
                assertThat(CountingSource.starts("group-a") + CountingSource.starts("group-b"))
                        .isEqualTo(both + 2);
            }
        }
    }

    private static RunningWorker follower(RunningWorker first) {
        return new RunningWorker(
                Map.of("bootstrap.servers", first.bootstrapServers(), "exactly.once.source.support", "enabled"), QUICK);
    }

    private static void put(RunningWorker worker, String name, int count) {
        assertThat(ask(
                        worker,
                        "PUT",
                        "/connectors/" + name + "/config",
                        "{\"connector.class\":\"" + CountingSource.class.getName()
                                + "\",\"tasks.max\":\"3\",\"topic\":\"" + name + "\",\"count\":\"" + count + "\"}"))
                .isBetween(200, 201);
    }

    private static int ask(RunningWorker worker, String method, String path, String body) {
        return worker.rest(method, path, body, PATIENCE).statusCode();
    }

    /** The number of tasks at each worker, once all run, all workers tell the same, and those are so many. */
    private static Map<String, Integer> awaitSpread(List<RunningWorker> workers, int count) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            List<Map<String, Integer>> told = workers.stream()
                                    .map(GroupTest::shares)
                                    .distinct()
                                    .toList();
                            return told.size() == 1 ? told.get(0) : Map.of();
                        },
                        shares -> shares.size() == count
                                && shares.values().stream()
                                                .mapToInt(Integer::intValue)
                                                .sum()
                                        == 6);
    }

    private static Map<String, Integer> shares(RunningWorker worker) {
        Map<String, Integer> shares = new TreeMap<>();
        for (String name : List.of("group-a", "group-b")) {
            JsonNode status = json(
                    worker.rest("/connectors/" + name + "/status", PATIENCE).body());
            status.path("tasks").forEach(task -> {
                if (task.path("state").asText().equals("RUNNING")) {
                    shares.merge(task.path("worker_id").asText(), 1, Integer::sum);
                }
            });
        }
        return shares;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /** Kafka Connect's worker leads, then ours does. */
    @Test
    void aWorkerOfKafkaConnectIsAMemberAsAnyOther() throws Exception {
        Files.createFile(dir.resolve("input"));
        int port = ApacheKafka.freePort();
        try (ApacheKafka kafka = ApacheKafka.start(dir)) {
            Map<String, String> common = new HashMap<>(QUICK);
            common.putAll(Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(),
                    "group.id", "mixed",
                    "plugin.path", ApacheWorker.PLUGINS.toString(),
                    "config.storage.topic", "mixed-configs",
                    "offset.storage.topic", "mixed-offsets",
                    "status.storage.topic", "mixed-status"));
            Map<String, String> apaches = new HashMap<>(common);
            apaches.putAll(Map.of(
                    "listeners", "http://localhost:" + port,
                    "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "config.storage.replication.factor", "1",
                    "offset.storage.replication.factor", "1",
                    "status.storage.replication.factor", "1",
                    "plugin.discovery", "service_load"));
            try (ApacheWorker apache = ApacheWorker.distributed(dir.resolve("apache"), apaches)) {
                awaitListens(port);
                try (RunningWorker ours = new RunningWorker(common, Map.of())) {
                    assertThat(ask(ours, "DELETE", "/connectors/nobody?forward=false", ""))
                            .isEqualTo(409);
                    fileSource(ours, "file-a");
                    fileSource(ours, "file-b");
                    await().atMost(PATIENCE).until(() -> owners(ours).size() == 2);
                    apache.stop();

                    await().atMost(PATIENCE).until(() -> owners(ours).size() == 1);
                    assertThat(ask(ours, "DELETE", "/connectors/nobody?forward=false", ""))
                            .isEqualTo(404);
                }
            }
        }
    }

    private static void awaitListens(int port) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket("localhost", port)) {
                return socket.isConnected();
            }
        });
        HttpRequest asked = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/connectors/nobody?forward=false"))
                .DELETE()
                .build();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            HttpResponse<String> told = HttpClient.newHttpClient().send(asked, HttpResponse.BodyHandlers.ofString());
            // A server that has no resources yet finds none at all.
            return told.statusCode() == 404 && told.body().contains("error_code");
        });
    }

    private void fileSource(RunningWorker worker, String name) {
        assertThat(ask(
                        worker,
                        "PUT",
                        "/connectors/" + name + "/config",
                        "{\"connector.class\":\"" + ApacheWorker.FILE_SOURCE + "\",\"tasks.max\":\"1\",\"file\":\""
                                + dir.resolve("input") + "\",\"topic\":\"lines\"}"))
                .isEqualTo(201);
    }

    /** The workers that run the tasks of the two sources, both of which run. */
    private static Map<String, Integer> owners(RunningWorker worker) {
        Map<String, Integer> owners = new TreeMap<>();
        for (String name : List.of("file-a", "file-b")) {
            JsonNode status = json(
                    worker.rest("/connectors/" + name + "/status", PATIENCE).body());
            if (status.at("/tasks/0/state").asText().equals("RUNNING")) {
                owners.merge(status.at("/tasks/0/worker_id").asText(), 1, Integer::sum);
            }
        }
        return owners.values().stream().mapToInt(Integer::intValue).sum() == 2 ? owners : Map.of();
    }
}
