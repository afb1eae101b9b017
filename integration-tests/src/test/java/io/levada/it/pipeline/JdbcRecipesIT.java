/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.CommittedRecords;
import io.levada.it.testkit.Examples;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.Shop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of {@code docs/connectors/jdbc-recipes.md} do what the page says of each. */
final class JdbcRecipesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String RECIPES = "jdbc";

    @TempDir
    private Path folder;

    private final Set<String> run = new HashSet<>();

    @Test
    void everyRecipeDoesWhatThePageSays() throws Exception {
        Files.createDirectories(folder.resolve("config-examples"));
        Files.copy(Examples.file("secrets.properties"), folder.resolve("config-examples/secrets.properties"));
        try (Shop shop = Shop.openForLogicalReplication();
                RunningWorker worker = LevadaProcess.worker(
                        folder,
                        Map.of(
                                "config.providers", "file",
                                "config.providers.file.class",
                                        "org.apache.kafka.common.config.provider.FileConfigProvider"))) {
            Examples examples = new Examples(Map.of(
                    "localhost:5432/shop",
                    shop.address(),
                    "\"database.port\": \"5432\"",
                    "\"database.port\": \"" + shop.port() + "\""));
            shop.execute(Files.readString(Examples.file(RECIPES + "/tables.sql")));
            examples.create(worker.rest(), "postgres-cdc.json");
            for (String recipe : List.of(
                    "new-rows",
                    "changed-rows",
                    "several-tables",
                    "joined",
                    "soft-deletes",
                    "deleted-rows",
                    "from-confluent",
                    "mirror",
                    "changes-into-table",
                    "dead-letters",
                    "exactly-once")) {
                examples.create(worker.rest(), RECIPES + "/" + recipe + ".json");
                run.add(recipe + ".json");
            }
            shop.execute("UPDATE orders SET price = 8, updated_at = clock_timestamp() WHERE id = 1");
            shop.execute("DELETE FROM orders WHERE id = 2");
            shop.execute("UPDATE customers SET deleted_at = clock_timestamp() WHERE id = 2");

            awaitRecords(worker, "new-rows.orders", "\"id\":1", "\"id\":2", "\"id\":3");
            awaitRecords(worker, "changed-rows.orders", "\"price\":8.0");
            awaitRecords(worker, "several-tables.orders", "\"email\":\"****\"");
            awaitRecords(worker, "several-tables.customers", "\"name\":\"Ada\"");
            awaitRecords(worker, "joined", "\"country\":\"GB\"");
            awaitRecords(
                    worker,
                    "soft-deletes.customers",
                    "\"id\":2,\"name\":\"Grace\",\"country\":\"US\",\"deleted_at\":1");
            awaitRecords(worker, "from-confluent.orders", "\"price\":99.0");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(CommittedRecords.of(worker.bootstrap(), "deleted-rows.orders"))
                            .as("a tombstone")
                            .anyMatch(record ->
                                    record.value() == null && record.key().contains("2")));
            awaitRows(shop, "SELECT id FROM orders_mirror ORDER BY id", "1", "3");
            awaitRows(shop, "SELECT id || ' ' || price FROM orders_now ORDER BY id", "1 8.00", "3 99.00");
            awaitRows(shop, "SELECT id FROM cheap_orders WHERE price < 10 ORDER BY id", "1", "2");
            awaitRecords(worker, "dead-letters", "\"price\":99.0");
            awaitRows(shop, "SELECT id FROM order_log ORDER BY id", "1", "2", "3");
            awaitRows(shop, "SELECT next_offset > 0 FROM levada_offsets WHERE topic = 'new-rows.orders'", "t");
        }
        try (Stream<Path> recipes = Files.list(Examples.file(RECIPES))) {
            assertThat(recipes.map(recipe -> recipe.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .as("every recipe is run")
                    .containsExactlyInAnyOrderElementsOf(run);
        }
    }

    private static void awaitRecords(RunningWorker worker, String topic, String... parts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(CommittedRecords.of(worker.bootstrap(), topic).stream()
                                .map(ConsumerRecord::value)
                                .map(String::valueOf)
                                .toList()
                                .toString())
                        .as(topic)
                        .contains(parts));
    }

    private static void awaitRows(Shop shop, String query, String... rows) {
        await().atMost(PATIENCE)
                .ignoreExceptions() // until the table is there
                .untilAsserted(() -> assertThat(shop.query(query)).as(query).containsExactly(rows));
    }
}
