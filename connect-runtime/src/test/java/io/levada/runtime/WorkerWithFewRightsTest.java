/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.logging.LoggedLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker on an Apache Kafka whose operator makes the topics: it may read and write them, and neither create any nor see their settings. */
final class WorkerWithFewRightsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static ApacheKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = ApacheKafka.startWithAcls(folder, Map.of("connect", "sesame", "stranger", "sesame"));
        Map<String, String> compacted = Map.of("cleanup.policy", "compact");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            List<NewTopic> topics = new ArrayList<>();
            for (String topic : List.of("connect-configs", "connect-offsets", "connect-status")) {
                topics.add(new NewTopic(topic, Optional.of(1), Optional.empty()).configs(compacted));
            }
            for (String topic : List.of("granted", "granted-dead")) {
                topics.add(new NewTopic(topic, Optional.of(1), Optional.empty()));
            }
            admin.createTopics(topics).all().get();
            List<AclBinding> rights = new ArrayList<>();
            for (NewTopic topic : topics) {
                rights.add(right(ResourceType.TOPIC, topic.name(), AclOperation.READ));
                rights.add(right(ResourceType.TOPIC, topic.name(), AclOperation.WRITE));
            }
            rights.add(right(ResourceType.TOPIC, "missing", AclOperation.WRITE));
            rights.add(right(ResourceType.GROUP, "connect-cluster", AclOperation.READ));
            rights.add(right(ResourceType.GROUP, "connect-sink", AclOperation.READ));
            admin.createAcls(rights).all().get();
            awaitRights(topics.stream().map(NewTopic::name).toList());
        }
    }

    /** The controller has them when they are made, the broker a little later. */
    private static void awaitRights(List<String> topics) {
        try (Admin connect = Admin.create(new HashMap<>(login("connect")))) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(connect.describeTopics(topics)
                                    .allTopicNames()
                                    .get())
                            .hasSize(topics.size()));
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void topicsThatAreThereNeedNotBeCreated() {
        List<LoggedLines.Line> lines;
        try (LoggedLines log = LoggedLines.warningsOf("io.levada.runtime.topics.InternalTopicCreation");
                RunningWorker worker = new RunningWorker(login("connect"), Map.of())) {
            Map<String, String> source = counting("granted");
            source.put("topic.creation.default.partitions", "1");
            source.put("topic.creation.default.replication.factor", "1");
            worker.create("source", source);
            worker.create(
                    "sink",
                    Map.of(
                            "connector.class", RecordingSink.class.getName(),
                            "topics", "granted",
                            "consumer.override.auto.offset.reset", "earliest",
                            "transforms", "fail",
                            "transforms.fail.type", DropEvery.class.getName(),
                            "transforms.fail.fail", "1",
                            "errors.tolerance", "all",
                            "errors.deadletterqueue.topic.name", "granted-dead"));

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> RecordingSink.values("sink").size() >= 2);
            assertThat(RunningWorker.values(kafka.bootstrapServers(), "granted-dead", 1))
                    .containsExactly("1");
            lines = log.lines();
        }
        assertThat(lines)
                .as("nobody has looked whether they are compacted")
                .filteredOn(line -> line.message().contains("cleanup.policy is not compact"))
                .extracting(line -> line.values().toString())
                .satisfiesExactlyInAnyOrder(
                        configs -> assertThat(configs).contains("connect-configs", "DescribeConfigs"),
                        offsets -> assertThat(offsets).contains("connect-offsets", "DescribeConfigs"),
                        statuses -> assertThat(statuses).contains("connect-status", "DescribeConfigs"));
    }

    @Test
    void aTopicThatIsMissingAndMayNotBeCreatedIsNamedWithTheRight() {
        try (RunningWorker worker = new RunningWorker(login("connect"), Map.of("errors.restart.max", "0"))) {
            Map<String, String> source = counting("missing");
            source.put("topic.creation.default.partitions", "1");
            source.put("topic.creation.default.replication.factor", "1");
            worker.create("refused", source);

            assertThat(worker.awaitTask("refused", 0, "FAILED").trace())
                    .contains("topic missing does not exist", "grant Create on the topic");
            worker.delete("refused");
        }
    }

    @Test
    void aWorkerWithoutAnyRightDoesNotStart() {
        assertThatThrownBy(() -> new RunningWorker(login("stranger"), Map.of()))
                .hasMessageContaining("Not authorized to access topics");
    }

    private static Map<String, String> login(String user) {
        Map<String, String> properties = new HashMap<>(Map.of("bootstrap.servers", kafka.serversForLogin()));
        for (String client : List.of("", "producer.", "consumer.")) {
            properties.put(client + "security.protocol", "SASL_PLAINTEXT");
            properties.put(client + "sasl.mechanism", "PLAIN");
            properties.put(
                    client + "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                            + "\" password=\"sesame\";");
        }
        return properties;
    }

    private static Map<String, String> counting(String topic) {
        return new HashMap<>(Map.of("connector.class", CountingSource.class.getName(), "topic", topic, "count", "3"));
    }

    private static AclBinding right(ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:connect", "*", operation, AclPermissionType.ALLOW));
    }
}
