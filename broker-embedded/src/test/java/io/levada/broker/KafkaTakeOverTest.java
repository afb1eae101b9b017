/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.KafkaNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Kafka's directory opens with the settings that Kafka's controller had written down, across snapshots, and Kafka can go on with it. */
@Timeout(900)
class KafkaTakeOverTest {
    private static final Map<String, Map<String, String>> TOPICS = Map.of(
            "compacted", Map.of("cleanup.policy", "compact", "segment.bytes", "1048576"),
            "unlimited", Map.of("retention.ms", "-1"),
            "hourly", Map.of("retention.ms", "3600000", "retention.bytes", "100000000"),
            "plain", Map.of());

    @TempDir
    Path dir;

    @Test
    void topicsKeepTheirIdsAndSettings() throws Exception {
        KafkaNode kafka = KafkaNode.formatted(
                dir,
                "metadata.log.max.snapshot.interval.ms=500",
                "metadata.log.max.record.bytes.between.snapshots=200");
        Map<String, Uuid> ids = new HashMap<>();
        kafka.running(client -> {
            try (Admin admin = Admin.create(client)) {
                create(admin, TOPICS.keySet());
                Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> snapshots(kafka.data()) > 1);
                change(admin, ConfigResource.Type.TOPIC, "plain", "max.message.bytes", "2000000");
                change(admin, ConfigResource.Type.BROKER, "", "log.retention.ms", "7200000");
                TOPICS.keySet()
                        .forEach(name -> ids.put(
                                name,
                                get(admin.describeTopics(List.of(name))
                                                .topicNameValues()
                                                .get(name))
                                        .topicId()));
            }
            produce(client, "compacted", "unlimited", "hourly", "plain");
        });

        try (TestBroker broker = TestBroker.in(kafka.data());
                Admin admin = broker.admin()) {
            for (String name : TOPICS.keySet()) {
                assertThat(get(admin.describeTopics(List.of(name))
                                        .topicNameValues()
                                        .get(name))
                                .topicId())
                        .isEqualTo(ids.get(name));
                assertThat(broker.read(name, 0, 1)).containsExactly("of " + name);
            }
            assertThat(own(admin, "compacted"))
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("segment.bytes", "1048576");
            assertThat(own(admin, "unlimited")).containsEntry("retention.ms", "-1");
            assertThat(own(admin, "hourly"))
                    .containsEntry("retention.ms", "3600000")
                    .containsEntry("retention.bytes", "100000000");
            assertThat(own(admin, "plain"))
                    .containsEntry("max.message.bytes", "2000000")
                    .containsEntry("retention.ms", "7200000");
            broker.produce("plain", 0, List.of("of us"));
        }

        kafka.running(client -> {
            try (Admin admin = Admin.create(client)) {
                assertThat(get(admin.listTopics().names())).containsAll(TOPICS.keySet());
            }
        });
    }

    private static void create(Admin admin, Collection<String> names) {
        for (String name : names) {
            get(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(TOPICS.get(name))))
                    .all());
        }
    }

    private static void change(Admin admin, ConfigResource.Type type, String name, String key, String value) {
        get(admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(type, name),
                        List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                .all());
    }

    private static Map<String, String> own(Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = get(admin.describeConfigs(List.of(resource)).values().get(resource));
        Map<String, String> own = new HashMap<>();
        config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .forEach(entry -> own.put(entry.name(), entry.value()));
        return own;
    }

    private static void produce(Map<String, Object> client, String... topics) {
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            for (String topic : topics) {
                get(producer.send(new ProducerRecord<>(topic, 0, "key", "of " + topic)));
            }
        }
    }

    private static long snapshots(Path data) throws Exception {
        try (Stream<Path> all = Files.list(data.resolve("__cluster_metadata-0"))) {
            return all.filter(file -> file.toString().endsWith(".checkpoint")).count();
        }
    }
}
