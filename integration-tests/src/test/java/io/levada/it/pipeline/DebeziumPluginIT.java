/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.it.testkit.Examples;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.Shop;
import io.levada.it.testkit.TopicReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debezium's PostgreSQL connector as published, with its transforms: what docs/debezium.md tells. */
final class DebeziumPluginIT {

    private static final Path PLUGINS =
            Path.of("..", "test-plugins", "target", "plugins").toAbsolutePath().normalize();
    private static final String STRINGS = "org.apache.kafka.connect.storage.StringConverter";
    private static final ObjectMapper JSON = new ObjectMapper();

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
                        "plugin.path", PLUGINS.toString(),
                        "config.providers", "file",
                        "config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider"));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        shop.close();
    }

    @Test
    void theExampleCapturesASnapshotAnUpdateAndADelete() throws Exception {
        shop.insertOrders(2);
        examples.create(worker.rest(), "plugins/debezium-postgres.json");
        awaitRecords("cdc.public.orders", 2);
        awaitStreaming("levada_orders");

        shop.execute("UPDATE orders SET customer = 'somebody else' WHERE id = 1");
        shop.execute("DELETE FROM orders WHERE id = 2");

        List<String> seen = new ArrayList<>();
        for (ConsumerRecord<String, String> row : awaitRecords("cdc.public.orders", 5)) {
            seen.add(JSON.readTree(row.key()).path("id").asText() + " " + told(row.value()));
        }
        assertThat(seen)
                .containsExactly(
                        "1 customer 1 1.25 r false",
                        "2 customer 2 2.25 r false",
                        "1 somebody else 1.25 u false",
                        "2 gone d true",
                        "2 tombstone");
    }

    private static String told(String value) throws Exception {
        if (value == null) {
            return "tombstone";
        }
        JsonNode row = JSON.readTree(value);
        boolean deleted = row.path("__deleted").asBoolean();
        String what = deleted
                ? "gone"
                : row.path("customer").asText() + " " + row.path("price").asText();
        return what + " " + row.path("__op").asText() + " " + deleted;
    }

    @Test
    void theOutboxRouterSendsEventsToTheTopicOfTheirKind() throws Exception {
        shop.execute("CREATE TABLE outbox (id uuid PRIMARY KEY, aggregatetype text NOT NULL, aggregateid text NOT NULL,"
                + " type text NOT NULL, payload text)");
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "io.debezium.connector.postgresql.PostgresConnector",
                "plugin.name", "pgoutput",
                "database.hostname", "localhost",
                "database.port", String.valueOf(shop.port()),
                "database.user", "levada",
                "database.password", "sesame",
                "database.dbname", "shop",
                "topic.prefix", "cdc",
                "table.include.list", "public.outbox",
                "publication.autocreate.mode", "filtered"));
        config.putAll(Map.of(
                "transforms",
                "outbox",
                "transforms.outbox.type",
                "io.debezium.transforms.outbox.EventRouter",
                "key.converter",
                STRINGS,
                "value.converter",
                STRINGS));
        worker.rest().createRunning("outbox", config);
        awaitStreaming("debezium");

        shop.execute(
                "INSERT INTO outbox VALUES ('00000000-0000-0000-0000-000000000001', 'order', '7', 'placed', 'seven')");

        ConsumerRecord<String, String> event =
                awaitRecords("outbox.event.order", 1).get(0);
        assertThat(event.key()).isEqualTo("7");
        assertThat(event.value()).isEqualTo("seven");
    }

    private List<ConsumerRecord<String, String>> awaitRecords(String topic, int count) {
        await().atMost(Duration.ofMinutes(2))
                .until(() ->
                        worker.rest().get("/health").status() == 200 && TopicReader.exists(worker.bootstrap(), topic));
        return TopicReader.records(worker.bootstrap(), topic, count);
    }

    private void awaitStreaming(String slot) {
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> shop.query("SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = '" + slot
                                        + "'")
                                .size(),
                        Integer.valueOf(1)::equals);
    }
}
