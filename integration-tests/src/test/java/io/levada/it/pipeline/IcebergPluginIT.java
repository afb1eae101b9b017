/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.Shop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache's Iceberg sink as published, with its catalog in a real PostgreSQL. It writes exactly once, in transactions of its own over a
 * control topic, by the consumer that it takes out of the worker: what the table counts is what was sent, also after kills.
 */
final class IcebergPluginIT {

    private static final Path PLUGINS = Path.of("..", "test-plugins", "iceberg", "target", "plugins")
            .toAbsolutePath()
            .normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENTS = "events";
    private static final String CONTROL = "control-iceberg";
    private static final int FIRST = 100;
    private static final int BEFORE_THE_KILL_MS = 1500;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private Shop shop;
    private RunningWorker worker;

    @BeforeEach
    void start() throws Exception {
        shop = Shop.open();
        worker = LevadaProcess.worker(folder, Map.of("plugin.path", PLUGINS.toString()));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", worker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(EVENTS, 2, (short) 1), new NewTopic(CONTROL, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        shop.close();
    }

    @Test
    void theTableHoldsEachRecordOnceAlsoAfterAKill() throws Exception {
        try (Events events = new Events(worker.bootstrap())) {
            events.send(FIRST);
            events.awaitSent();
            worker.rest().createRunning("iceberg", sink());
            awaitTotal(FIRST);
            assertThat(shop.query("SELECT table_namespace || '.' || table_name FROM iceberg_tables"))
                    .containsExactly("lake.events");

            events.growUntil(() -> {
                TimeUnit.MILLISECONDS.sleep(BEFORE_THE_KILL_MS);
                worker.killAndStartAgain();
                awaitMoreThan(FIRST);
            });
            events.awaitSent();
            awaitTotal(events.sent());

            // Whatever would come twice has come by the time that a later record is in the table.
            events.send(1);
            events.awaitSent();
            awaitTotal(events.sent());
        }
    }

    private Map<String, String> sink() {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "org.apache.iceberg.connect.IcebergSinkConnector",
                "tasks.max", "2",
                "topics", EVENTS,
                "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                "value.converter", "org.apache.kafka.connect.json.JsonConverter",
                "value.converter.schemas.enable", "false"));
        config.putAll(Map.of(
                "iceberg.tables", "lake.events",
                "iceberg.tables.auto-create-enabled", "true",
                "iceberg.control.topic", CONTROL,
                "iceberg.control.commit.interval-ms", "2000",
                "iceberg.control.commit.timeout-ms", "20000",
                "iceberg.kafka.bootstrap.servers", worker.bootstrap()));
        config.putAll(Map.of(
                "iceberg.catalog.catalog-impl", "org.apache.iceberg.jdbc.JdbcCatalog",
                "iceberg.catalog.uri", "jdbc:postgresql://" + shop.address(),
                "iceberg.catalog.jdbc.user", "levada",
                "iceberg.catalog.jdbc.password", "sesame",
                "iceberg.catalog.jdbc.schema-version", "V1",
                "iceberg.catalog.warehouse", folder.resolve("warehouse").toUri().toString()));
        return config;
    }

    private void awaitTotal(long records) {
        await().atMost(PATIENCE)
                .ignoreException(SQLException.class)
                .untilAsserted(
                        () -> assertThat(total()).as("records in the table").isEqualTo(records));
    }

    private void awaitMoreThan(long records) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(total()).as("records in the table").isGreaterThan(records));
    }

    /** What the newest snapshot of the table counts; zero as long as there is none. */
    private long total() throws SQLException, IOException {
        if (shop.query("SELECT 1 FROM pg_tables WHERE tablename = 'iceberg_tables'")
                .isEmpty()) {
            return 0;
        }
        for (String location : shop.query("SELECT metadata_location FROM iceberg_tables WHERE table_name = 'events'")) {
            JsonNode metadata =
                    JSON.readTree(Path.of(URI.create(location).getPath()).toFile());
            for (JsonNode snapshot : metadata.path("snapshots")) {
                if (snapshot.path("snapshot-id").equals(metadata.path("current-snapshot-id"))) {
                    return snapshot.path("summary").path("total-records").asLong();
                }
            }
        }
        return 0;
    }

    /** Sends numbered records, each once, however long the broker is away. */
    private static final class Events implements AutoCloseable {
        private static final int AT_ONCE = 5;
        private static final int PAUSE_MS = 20;

        private final KafkaProducer<String, String> producer;
        private long sent;
        private volatile boolean enough;
        private volatile @Nullable Exception failure;

        /** What may fail. */
        @FunctionalInterface
        interface Meanwhile {
            void run() throws Exception;
        }

        Events(String bootstrap) {
            producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers", bootstrap,
                            "enable.idempotence", "true",
                            "delivery.timeout.ms", "600000",
                            "max.block.ms", "600000"),
                    new StringSerializer(),
                    new StringSerializer());
        }

        void send(int count) {
            for (int i = 0; i < count; i++) {
                long id = sent++;
                ProducerRecord<String, String> event = new ProducerRecord<>(
                        EVENTS, (int) (id % 2), null, "{\"id\":" + id + ",\"name\":\"n" + id + "\"}");
                Future<RecordMetadata> unused = producer.send(event, (where, failed) -> {
                    if (failed != null) {
                        failure = failed;
                    }
                });
            }
        }

        /** Waits until the brokers hold all that was sent. */
        void awaitSent() {
            producer.flush();
            assertThat(failure).as("what became of records").isNull();
        }

        long sent() {
            return sent;
        }

        /** Sends all the time until {@code meanwhile} is over. */
        void growUntil(Meanwhile meanwhile) throws Exception {
            Thread thread = new Thread(this::grow, "events");
            thread.start();
            try {
                meanwhile.run();
            } finally {
                enough = true;
                thread.join();
            }
        }

        private void grow() {
            try {
                while (!enough) {
                    send(AT_ONCE);
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
