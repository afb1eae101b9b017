/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.it.testkit.Examples;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.Shop;
import io.levada.it.testkit.TopicReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/connectors/postgres-cdc.md on a worker. */
final class PostgresCdcIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOPIC = "changes.public.orders";

    @TempDir
    private Path folder;

    private Shop shop;
    private RunningWorker worker;
    private Examples examples;

    @BeforeEach
    void start() throws Exception {
        shop = Shop.openForLogicalReplication();
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "orders.password=sesame\n");
        examples = new Examples(Map.of(
                "config-examples/secrets.properties",
                secrets.toString(),
                "\"database.port\": \"5432\"",
                "\"database.port\": \"" + shop.port() + "\""));
        worker = LevadaProcess.worker(
                folder,
                Map.of(
                        "config.providers", "file",
                        "config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider"));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        shop.close();
    }

    @Test
    void theExampleTellsRowsAndChangesOnce() throws Exception {
        shop.insertOrders(2);
        examples.create(worker.rest(), "postgres-cdc.json");
        awaitRecords(2);

        shop.execute("UPDATE orders SET customer = 'somebody else' WHERE id = 1");
        shop.execute("DELETE FROM orders WHERE id = 2");
        List<ConsumerRecord<String, String>> records = awaitRecords(5);

        List<String> told = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records) {
            told.add(told(record));
        }
        assertThat(told)
                .containsExactly(
                        "1 r customer 1 1.25", "2 r customer 2 2.25", "1 u somebody else 1.25", "2 d", "2 tombstone");
    }

    @Test
    void itsNumbersAreAmongTheWorkers() throws Exception {
        shop.insertOrders(2);
        examples.create(worker.rest(), "postgres-cdc.json");
        awaitRecords(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metrics())
                        .contains("kafka_connect_plugins_connected{connector=\"orders-changes\",task=\"0\"} 1")
                        .contains("kafka_connect_plugins_events_total{connector=\"orders-changes\",task=\"0\","
                                + "table=\"public.orders\",op=\"r\"} 2")
                        .containsPattern("kafka_connect_plugins_wal_kept_bytes\\{[^}]*} [1-9]"));
    }

    /** By REST, with no right to write in the database; a task that runs after a kill takes no signal a second time. */
    @Test
    void aTableIsReadAgainOnceForEachRequest() throws Exception {
        String signals = "/levada/v1/connectors/orders-changes/signals";
        String again = "{\"type\": \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.orders\"]}}";
        shop.insertOrders(2);
        examples.create(worker.rest(), "postgres-cdc.json");
        awaitRecords(2);
        assertThat(worker.rest().post(signals, again).expecting(400).body().toString())
                .contains("source,kafka");

        ObjectNode config = (ObjectNode)
                worker.rest().get("/connectors/orders-changes/config").body();
        config.put("signal.enabled.channels", "source,kafka").put("signal.poll.interval.ms", "200");
        worker.rest().put("/connectors/orders-changes/config", config).expecting(200);
        assertThat(worker.rest()
                        .post(signals, again)
                        .expecting(202)
                        .body()
                        .path("topic")
                        .asText())
                .isEqualTo("changes-signal");
        awaitRecords(4);
        shop.execute("UPDATE orders SET customer = 'somebody else' WHERE id = 1");
        awaitRecords(5);
        worker.killAndStartAgain();
        worker.rest().post(signals, again).expecting(202);

        List<String> told = new ArrayList<>();
        for (ConsumerRecord<String, String> record : awaitRecords(7)) {
            told.add(told(record));
        }
        assertThat(told)
                .containsExactly(
                        "1 r customer 1 1.25",
                        "2 r customer 2 2.25",
                        "1 r customer 1 1.25",
                        "2 r customer 2 2.25",
                        "1 u somebody else 1.25",
                        "2 r customer 2 2.25",
                        "1 r somebody else 1.25");
        shop.execute("DELETE FROM orders");
        assertThat(told(awaitRecords(8).get(7))).as("nothing was read twice").endsWith(" d");
    }

    private String metrics() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(worker.rest().url() + "/metrics"))
                .timeout(PATIENCE)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String told(ConsumerRecord<String, String> record) throws Exception {
        String id = JSON.readTree(record.key()).path("id").asText();
        if (record.value() == null) {
            return id + " tombstone";
        }
        JsonNode event = JSON.readTree(record.value());
        JsonNode after = event.path("after");
        return id + " " + event.path("op").asText()
                + (after.isObject()
                        ? " " + after.path("customer").asText() + " "
                                + after.path("price").asText()
                        : "");
    }

    private List<ConsumerRecord<String, String>> awaitRecords(int count) {
        await().atMost(PATIENCE).until(() -> TopicReader.exists(worker.bootstrap(), TOPIC));
        return TopicReader.records(worker.bootstrap(), TOPIC, count);
    }
}
