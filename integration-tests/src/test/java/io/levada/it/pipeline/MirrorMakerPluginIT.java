/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.TopicReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache's MirrorMaker as published, two jars in a plugin folder: it takes Connect's runtime from what plugins are given. */
final class MirrorMakerPluginIT {

    private static final Path PLUGINS =
            Path.of("..", "test-plugins", "target", "plugins").toAbsolutePath().normalize();
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";

    @TempDir
    private Path folder;

    private RunningWorker worker;

    @BeforeEach
    void start() {
        worker = LevadaProcess.worker(folder, Map.of("plugin.path", PLUGINS.toString()));
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    @Test
    void recordsAreMirroredHeartbeatsBeatAndCheckpointsRun() throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", worker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "k", "v")).get();
        }

        create("MirrorHeartbeatConnector", Map.of("emit.heartbeats.interval.seconds", "1"));
        create("MirrorSourceConnector", Map.of("topics", "orders", "refresh.topics.interval.seconds", "2"));
        create("MirrorCheckpointConnector", Map.of());

        awaitTopic("heartbeats");
        assertThat(TopicReader.values(worker.bootstrap(), "heartbeats", 2)).hasSizeGreaterThanOrEqualTo(2);
        awaitTopic("west.orders");
        assertThat(TopicReader.values(worker.bootstrap(), "west.orders", 1)).containsExactly("v");
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
                worker.bootstrap(),
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
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(worker.rest()
                                .get("/connectors/" + simpleName + "/status")
                                .body()
                                .at("/connector/state")
                                .asText())
                        .isEqualTo("RUNNING"));
    }

    private void awaitTopic(String topic) {
        await().atMost(Duration.ofMinutes(2)).until(() -> TopicReader.exists(worker.bootstrap(), topic));
    }
}
