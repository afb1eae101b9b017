/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.it.testkit.ApacheWorker;
import io.levada.it.testkit.CommittedRecords;
import io.levada.it.testkit.Shop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The connectors as they are built, a folder of jars, in Apache Kafka Connect's own worker. */
@Timeout(600)
final class ApacheConnectIT {

    private static final Path PLUGINS = Path.of("..", "connectors", "jdbc", "target", "plugin");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void rowsAndDeletionsReachTheCopyEachOnceAlsoAcrossARestart() throws Exception {
        try (Shop shop = Shop.open();
                EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.from(Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        folder.resolve("data").toString())));
                ApacheWorker worker =
                        ApacheWorker.start(folder.resolve("apache"), broker.bootstrapServers(), PLUGINS)) {
            shop.insertOrders(20);
            worker.rest().createRunning("orders-source", source(shop));
            worker.rest().createRunning("orders-copy", sink(shop));
            awaitCopy(shop);
            shop.execute("DELETE FROM orders WHERE id IN (3, 20)");
            awaitCopy(shop);

            worker.stop();
            shop.insertOrders(20);
            shop.execute("DELETE FROM orders WHERE id IN (5, 40)");
            worker.startAgain();

            awaitCopy(shop);
            List<ConsumerRecord<String, String>> records =
                    CommittedRecords.of(broker.bootstrapServers(), "shop.orders");
            // 40 was gone before anyone saw it.
            assertThat(keys(records, false)).isEqualTo(keysOf(shop, "generate_series(1, 39) id"));
            assertThat(keys(records, true)).isEqualTo(keysOf(shop, "(VALUES (3), (5), (20)) AS gone (id)"));
        }
    }

    private static Map<String, String> source(Shop shop) {
        return connector(
                shop,
                "Source",
                Map.of(
                        "table.whitelist", "orders",
                        "mode", "incrementing",
                        "topic.prefix", "shop.",
                        "record.key", "primary_key",
                        "poll.interval.ms", "200",
                        "deletes.detect", "keys",
                        "deletes.interval.ms", "200",
                        "exactly.once.support", "required"));
    }

    private static Map<String, String> sink(Shop shop) {
        return connector(
                shop,
                "Sink",
                Map.of(
                        "topics", "shop.orders",
                        "table.name.format", "orders_copy",
                        "insert.mode", "upsert",
                        "pk.mode", "record_key",
                        "delete.enabled", "true",
                        "auto.create", "true"));
    }

    private static Map<String, String> connector(Shop shop, String kind, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("connector.class", "io.levada.connect.jdbc.Jdbc" + kind + "Connector");
        config.put("connection.url", "jdbc:postgresql://" + shop.address());
        config.put("connection.user", "levada");
        config.put("connection.password", "sesame");
        return config;
    }

    /** The same rows, by all that they hold. */
    private static void awaitCopy(Shop shop) {
        String rows = "SELECT id || customer || email || price::float8 FROM %s ORDER BY id";
        await().atMost(PATIENCE)
                .ignoreExceptions() // before there is a copy
                .untilAsserted(() -> assertThat(shop.query(rows.formatted("orders_copy")))
                        .isEqualTo(shop.query(rows.formatted("orders"))));
    }

    private static List<String> keys(List<ConsumerRecord<String, String>> records, boolean tombstones) {
        return records.stream()
                .filter(record -> (record.value() == null) == tombstones)
                .map(ConsumerRecord::key)
                .map(key -> key.replaceFirst(".*\"payload\":", ""))
                .sorted()
                .toList();
    }

    private static List<String> keysOf(Shop shop, String ids) throws Exception {
        return shop.query("SELECT '{\"id\":' || id || '}}' FROM " + ids).stream()
                .sorted()
                .toList();
    }
}
