/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.FreePort;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.TopicReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache's MirrorMaker as published, two jars in a plugin folder: it takes Connect's runtime from what plugins are given. It mirrors from a broker alone, west,
 * to that in the worker, east.
 */
final class MirrorMakerPluginIT {

    private static final Path PLUGINS =
            Path.of("..", "test-plugins", "target", "plugins").toAbsolutePath().normalize();
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition MIRRORED = new TopicPartition("west.orders", 0);
    private static final String GROUP = "billing";

    @TempDir
    private Path folder;

    private String west = "";
    private LevadaProcess westBroker;
    private RunningWorker worker;

    @BeforeEach
    void start() {
        west = "localhost:" + FreePort.next();
        Path home = folder.resolve("west");
        westBroker = LevadaProcess.run(
                home, "broker", "-o", "data.dir=" + home.resolve("data"), "-o", "broker.listeners=PLAINTEXT://" + west);
        worker = LevadaProcess.worker(folder.resolve("east"), Map.of("plugin.path", PLUGINS.toString()));
        westBroker.awaitOutput("broker started", LONG_ENOUGH);
    }

    @AfterEach
    void stop() {
        worker.close();
        westBroker.close();
    }

    @Test
    void recordsAreMirroredHeartbeatsBeatAndOffsetsOfGroupsAreTranslated() throws Exception {
        writeOrders(8);
        deleteOrdersBefore(5); // so that an offset is not the same in both
        commitBefore(7);

        create("MirrorHeartbeatConnector", Map.of("emit.heartbeats.interval.seconds", "1"));
        create(
                "MirrorSourceConnector",
                Map.of("topics", "orders", "refresh.topics.interval.seconds", "2", "offset.lag.max", "0"));

        awaitTopic("heartbeats");
        assertThat(TopicReader.values(worker.bootstrap(), "heartbeats", 2)).hasSizeGreaterThanOrEqualTo(2);
        awaitTopic("west.orders");
        List<ConsumerRecord<String, String>> mirrored = TopicReader.records(worker.bootstrap(), "west.orders", 3);
        assertThat(mirrored).extracting(ConsumerRecord::value).containsExactly("v5", "v6", "v7");

        create(
                "MirrorCheckpointConnector",
                Map.of(
                        "groups", GROUP,
                        "refresh.groups.interval.seconds", "1",
                        "emit.checkpoints.interval.seconds", "1",
                        "sync.group.offsets.enabled", "true",
                        "sync.group.offsets.interval.seconds", "1"));

        // The offset of v7 there, whatever transactions have put between the records.
        long translated = mirrored.get(2).offset();
        awaitTopic("west.checkpoints.internal");
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(checkpoints())
                        .contains(new Checkpoint(GROUP, MIRRORED.topic(), MIRRORED.partition(), 7, translated)));
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(committedInTheEast()).isEqualTo(translated));
        awaitState("MirrorCheckpointConnector", "/tasks/0/state", "RUNNING");
    }

    private void writeOrders(int count) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", west), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(ORDERS.topic(), "k", "v" + i))
                        .get();
            }
        }
    }

    private void deleteOrdersBefore(long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", west))) {
            admin.deleteRecords(Map.of(ORDERS, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    /** As a group that has done its work up to there. */
    private void commitBefore(long offset) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", west, "group.id", GROUP),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(ORDERS));
            consumer.commitSync(Map.of(ORDERS, new OffsetAndMetadata(offset)));
        }
    }

    private long committedInTheEast() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", worker.bootstrap()))) {
            OffsetAndMetadata committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(MIRRORED);
            return committed == null ? -1 : committed.offset();
        }
    }

    /** What MirrorMaker says of a group, as {@code org.apache.kafka.connect.mirror.Checkpoint} writes it. */
    private record Checkpoint(String group, String topic, int partition, long upstream, long downstream) {
        static Checkpoint of(ConsumerRecord<byte[], byte[]> record) {
            ByteBuffer key = ByteBuffer.wrap(record.key());
            ByteBuffer value = ByteBuffer.wrap(record.value());
            assertThat(value.getShort()).as("version of the format").isZero();
            return new Checkpoint(string(key), string(key), key.getInt(), value.getLong(), value.getLong());
        }

        private static String string(ByteBuffer from) {
            byte[] bytes = new byte[from.getShort()];
            from.get(bytes);
            return new String(bytes, UTF_8);
        }
    }

    private List<Checkpoint> checkpoints() {
        TopicPartition topic = new TopicPartition("west.checkpoints.internal", 0);
        List<Checkpoint> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", worker.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(topic));
            consumer.seekToBeginning(List.of(topic));
            long end = consumer.endOffsets(List.of(topic)).getOrDefault(topic, 0L);
            while (consumer.position(topic) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> found.add(Checkpoint.of(record)));
            }
        }
        return found;
    }

    private void create(String simpleName, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class",
                "org.apache.kafka.connect.mirror." + simpleName,
                "source.cluster.alias",
                "west",
                "target.cluster.alias",
                "east",
                "source.cluster.bootstrap.servers",
                west,
                "target.cluster.bootstrap.servers",
                worker.bootstrap(),
                "key.converter",
                BYTES,
                "value.converter",
                BYTES,
                "header.converter",
                BYTES));
        config.putAll(Map.of(
                "replication.factor", "1",
                "offset-syncs.topic.replication.factor", "1",
                "checkpoints.topic.replication.factor", "1",
                "heartbeats.topic.replication.factor", "1",
                "sync.topic.acls.enabled", "false"));
        config.putAll(more);
        worker.rest().put("/connectors/" + simpleName + "/config", config).expecting(201);
        awaitState(simpleName, "/connector/state", "RUNNING");
    }

    private void awaitState(String connector, String path, String state) {
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(worker.rest()
                                .get("/connectors/" + connector + "/status")
                                .body()
                                .at(path)
                                .asText())
                        .isEqualTo(state));
    }

    private void awaitTopic(String topic) {
        await().atMost(LONG_ENOUGH).until(() -> TopicReader.exists(worker.bootstrap(), topic));
    }
}
