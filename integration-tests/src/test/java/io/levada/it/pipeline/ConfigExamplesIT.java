/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.it.testkit.Bucket;
import io.levada.it.testkit.Examples;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.Shop;
import io.levada.it.testkit.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drives the whole path over REST and the wire with the JSON files of {@code config-examples/}: rows of a real PostgreSQL go
 * through the bundled broker and transforms into files, S3 and another table, and go on where they were after a restart.
 */
final class ConfigExamplesIT {

    private static final Duration ARRIVAL_MAX = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Shop shop;
    private static Bucket bucket;

    @TempDir
    private static Path s3Folder;

    @TempDir
    private Path folder;

    private Path files;
    private Examples examples;
    private RunningWorker worker;
    private final Set<String> run = new HashSet<>();

    @BeforeAll
    static void openDatabaseAndBucket() throws Exception {
        shop = Shop.openForLogicalReplication();
        bucket = Bucket.open(s3Folder);
    }

    @AfterAll
    static void closeDatabaseAndBucket() throws IOException {
        bucket.close();
        shop.close();
    }

    @BeforeEach
    void startWorker() throws IOException {
        files = folder; // the worker runs in it, and the examples' files are relative
        Files.createDirectories(folder.resolve("config-examples"));
        Files.copy(Examples.file("secrets.properties"), folder.resolve("config-examples/secrets.properties"));
        examples = new Examples(Map.of(
                "localhost:5432/shop",
                shop.address(),
                "\"database.port\": \"5432\"",
                "\"database.port\": \"" + shop.port() + "\"",
                "http://localhost:9000",
                bucket.url()));
        worker = LevadaProcess.worker(
                folder,
                Map.of(
                        "config.providers", "file",
                        "config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider"));
    }

    @AfterEach
    void stopWorker() {
        worker.close();
    }

    @Test
    void everyExampleMovesItsRecordsAndGoesOnWhereItWasAfterARestart() throws Exception {
        linesOfAFileTravelThroughTheTopicIntoAnother();
        rowsTravelThroughTheTopicAndTransformsIntoFileS3AndAnotherTable(1, 25);
        create("postgres-cdc.json");
        expectChanges("r", 25);

        worker.restart();

        Files.writeString(files.resolve("in.txt"), "four\n", java.nio.file.StandardOpenOption.APPEND);
        awaitLines("out.txt", List.of("one", "two", "three", "four"));
        shop.insertOrders(25);
        expectOrders(1, 50);
        expectChanges("c", 50);
        assertThat(run).as("every example is run").containsExactlyInAnyOrderElementsOf(Examples.names());
        assertThat(worker.rest().get("/connectors/orders-source/config").body().toString())
                .as("a secret is never resolved in an answer")
                .contains("orders.password")
                .doesNotContain("sesame");
        assertThat(worker.process().output()).doesNotContain("sesame");
    }

    private void linesOfAFileTravelThroughTheTopicIntoAnother() throws IOException {
        Files.writeString(files.resolve("in.txt"), "one\ntwo\nthree\n");
        create("file-source.json");
        create("file-sink.json");

        assertThat(TopicReader.values(worker.bootstrap(), "lines", 3)).containsExactly("one", "two", "three");
        awaitLines("out.txt", List.of("one", "two", "three"));
    }

    private void rowsTravelThroughTheTopicAndTransformsIntoFileS3AndAnotherTable(int first, int last) throws Exception {
        shop.insertOrders(last - first + 1);
        create("jdbc-source.json");
        create("orders-file-sink.json");
        create("s3-sink.json");
        create("jdbc-sink.json");
        expectOrders(first, last);
    }

    private void expectOrders(int first, int last) throws Exception {
        List<String> ids =
                IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
        List<String> values = TopicReader.values(worker.bootstrap(), "shop.orders", ids.size());
        assertThat(values).hasSize(ids.size());
        assertThat(values.stream().map(v -> parse(v).at("/payload/id").asText()))
                .containsExactlyElementsOf(ids);

        await().atMost(ARRIVAL_MAX).untilAsserted(() -> {
            List<JsonNode> lines =
                    lines("orders.jsonl").stream().map(ConfigExamplesIT::parse).toList();
            assertThat(lines).extracting(l -> l.path("id").asText()).containsExactlyElementsOf(ids);
            assertThat(lines).allSatisfy(l -> {
                assertThat(l.path("email").asText()).isEqualTo("hidden");
                assertThat(l.path("origin").asText()).isEqualTo("shop.orders");
            });
        });
        await().atMost(ARRIVAL_MAX)
                .untilAsserted(() -> assertThat(bucket.lines())
                        .extracting(l -> parse(l).path("id").asText())
                        .containsExactlyInAnyOrderElementsOf(ids));
        await().atMost(ARRIVAL_MAX).untilAsserted(() -> {
            assertThat(shop.query("SELECT to_regclass('orders_copy')")).doesNotContainNull();
            assertThat(shop.query("SELECT id FROM orders_copy ORDER BY id")).containsExactlyElementsOf(ids);
        });
    }

    /** As many events of the table as told, each row once, and the last of this kind. */
    private void expectChanges(String lastOp, int count) throws Exception {
        List<JsonNode> events = TopicReader.values(worker.bootstrap(), "changes.public.orders", count).stream()
                .map(ConfigExamplesIT::parse)
                .toList();
        assertThat(events).extracting(event -> event.at("/after/id").asInt()).doesNotHaveDuplicates();
        assertThat(events.get(count - 1).path("op").asText()).isEqualTo(lastOp);
    }

    private void create(String example) {
        examples.create(worker.rest(), example);
        run.add(example);
    }

    private void awaitLines(String file, List<String> expected) {
        await().atMost(ARRIVAL_MAX).untilAsserted(() -> assertThat(lines(file)).isEqualTo(expected));
    }

    private List<String> lines(String file) throws IOException {
        Path path = files.resolve(file);
        // Not readAllLines: a line that is half written may end in half a character.
        return Files.exists(path)
                ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }
}
