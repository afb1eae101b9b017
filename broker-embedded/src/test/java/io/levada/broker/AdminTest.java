/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.failure;
import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class AdminTest {
    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");

    @TempDir
    Path dir;

    private TestBroker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = TestBroker.in(dir, "broker.num.partitions", "4", "broker.log.retention.hours", "1");
        admin = broker.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void newTopicTakesTheDefaultsItDoesNotName() {
        CreateTopicsResult made =
                admin.createTopics(List.of(new NewTopic("orders", Optional.empty(), Optional.empty())));
        assertThat(get(made.numPartitions("orders"))).isEqualTo(4);
        assertThat(get(made.replicationFactor("orders"))).isEqualTo(1);
        assertThat(valueOf(get(made.config("orders")), "retention.ms")).isEqualTo("3600000");
    }

    @Test
    void wrongTopicsAreRefusedWithKafkasErrors() {
        create(new NewTopic("a.b", 1, (short) 1));
        assertThat(creationFailure(new NewTopic("a.b", 1, (short) 1))).isInstanceOf(TopicExistsException.class);
        assertThat(creationFailure(new NewTopic("a_b", 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
        assertThat(creationFailure(new NewTopic("a/b", 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
        assertThat(creationFailure(new NewTopic("c", 0, (short) 1))).isInstanceOf(InvalidPartitionsException.class);
        assertThat(creationFailure(new NewTopic("c", 1, (short) 3)))
                .isInstanceOf(InvalidReplicationFactorException.class);
        assertThat(creationFailure(new NewTopic("a.b", 1, (short) 3))).isInstanceOf(TopicExistsException.class);
        for (Map<Integer, List<Integer>> placed : List.of(
                Map.of(0, List.of(2)),
                Map.of(0, List.of(1, 1)),
                Map.of(0, List.<Integer>of()),
                Map.of(1, List.of(1)))) {
            assertThat(creationFailure(new NewTopic("c", placed)))
                    .as("replicas placed at %s", placed)
                    .isInstanceOf(InvalidReplicaAssignmentException.class);
        }
        assertThat(creationFailure(new NewTopic("c", 1, (short) 1).configs(Map.of("retention.ms", "soon"))))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(creationFailure(new NewTopic("c", 1_000_000_000, (short) 1)))
                .isInstanceOf(PolicyViolationException.class);
        assertThat(get(admin.listTopics().names())).containsExactly("a.b");
    }

    @Test
    void replicasMayBePlacedOnTheOneNode() {
        create(new NewTopic("orders", Map.of(0, List.of(1), 1, List.of(1))));
        get(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3, List.of(List.of(1)))))
                .all());
        broker.produce("orders", 2, List.of("in the new one"));
        assertThat(broker.read("orders", 2, 1)).containsExactly("in the new one");
        for (List<List<Integer>> placed : List.of(List.of(List.of(7)), List.of(List.of(1), List.of(1)))) {
            assertThat(failure(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(4, placed)))
                            .all()))
                    .as("replicas placed at %s", placed)
                    .isInstanceOf(InvalidReplicaAssignmentException.class);
        }
    }

    @Test
    void topicsAreDescribedById() {
        Uuid id = get(admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                .topicId("orders"));
        assertThat(get(admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .allTopicIds()))
                .hasEntrySatisfying(id, described -> {
                    assertThat(described.name()).isEqualTo("orders");
                    assertThat(described.partitions()).hasSize(2);
                });
        assertThat(failure(admin.describeTopics(TopicCollection.ofTopicIds(List.of(Uuid.randomUuid())))
                        .allTopicIds()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @Test
    void everyOperationIsToldWhereNothingIsForbidden() {
        create(new NewTopic("orders", 1, (short) 1));
        var topics = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        assertThat(get(admin.describeTopics(List.of("orders"), topics).allTopicNames()))
                .hasEntrySatisfying(
                        "orders",
                        topic -> assertThat(topic.authorizedOperations())
                                .hasSize(8)
                                .contains(AclOperation.READ, AclOperation.WRITE));
        var cluster = new DescribeClusterOptions().includeAuthorizedOperations(true);
        assertThat(get(admin.describeCluster(cluster).authorizedOperations()))
                .hasSize(7)
                .contains(AclOperation.CREATE);
        try (var consumer = broker.consumer("group.id", "g")) {
            consumer.commitSync(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)));
        }
        var groups = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        assertThat(get(admin.describeConsumerGroups(List.of("g"), groups).all()))
                .hasEntrySatisfying(
                        "g",
                        group -> assertThat(group.authorizedOperations())
                                .hasSize(5)
                                .contains(AclOperation.DELETE));
    }

    @Test
    void recordsOfACompactedTopicAreNotDeletedByOffset() {
        create(new NewTopic("compacted", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        create(new NewTopic("both", 1, (short) 1).configs(Map.of("cleanup.policy", "compact,delete")));
        assertThat(failure(
                        admin.deleteRecords(Map.of(new TopicPartition("compacted", 0), RecordsToDelete.beforeOffset(0)))
                                .all()))
                .isInstanceOf(PolicyViolationException.class);
        get(admin.deleteRecords(Map.of(new TopicPartition("both", 0), RecordsToDelete.beforeOffset(0)))
                .all());
    }

    @Test
    void validationMakesNothing() {
        get(admin.createTopics(
                        List.of(new NewTopic("orders", 2, (short) 1)), new CreateTopicsOptions().validateOnly(true))
                .all());
        assertThat(get(admin.listTopics().names())).isEmpty();
    }

    @Test
    void topicsAreDescribedPageByPage() {
        create(new NewTopic("orders", 3, (short) 1));
        TopicDescription described =
                get(admin.describeTopics(List.of("orders")).topicNameValues().get("orders"));
        assertThat(described.partitions()).hasSize(3).allSatisfy(partition -> {
            assertThat(partition.leader().port()).isEqualTo(broker.port());
            assertThat(partition.isr()).hasSize(1);
        });
        assertThat(failure(admin.describeTopics(List.of("absent"))
                        .topicNameValues()
                        .get("absent")))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void topicsAreDeletedByNameAndById() {
        create(new NewTopic("orders", 1, (short) 1));
        Uuid id = get(admin.createTopics(List.of(new NewTopic("payments", 1, (short) 1)))
                .topicId("payments"));
        get(admin.deleteTopics(List.of("orders")).all());
        get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all());
        assertThat(get(admin.listTopics().names())).isEmpty();
        assertThat(failure(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .all()))
                .isInstanceOf(UnknownTopicIdException.class);
        assertThat(dir.resolve("orders-0")).doesNotExist();
    }

    @Test
    void deletedTopicComesBackEmpty() {
        create(new NewTopic("orders", 1, (short) 1));
        broker.produce("orders", 0, List.of("old"));
        get(admin.deleteTopics(List.of("orders")).all());
        create(new NewTopic("orders", 1, (short) 1));
        broker.produce("orders", 0, List.of("new"));
        assertThat(broker.read("orders", 0, 1)).containsExactly("new");
    }

    @Test
    void topicsGrowButDoNotShrink() {
        create(new NewTopic("orders", 1, (short) 1));
        get(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3)))
                .all());
        broker.produce("orders", 2, List.of("in the new one"));
        assertThat(broker.read("orders", 2, 1)).containsExactly("in the new one");
        assertThat(failure(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(2)))
                        .all()))
                .isInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void changedSettingsAreInForceAndSurviveARestart() {
        create(new NewTopic("orders", 1, (short) 1).configs(Map.of("segment.bytes", "1048576")));
        alter("retention.ms", "1000", AlterConfigOp.OpType.SET);
        alter("cleanup.policy", "compact", AlterConfigOp.OpType.APPEND);
        alter("segment.bytes", "", AlterConfigOp.OpType.DELETE);
        admin.close();
        broker.close();
        broker = TestBroker.in(dir);
        admin = broker.admin();
        Config config = get(admin.describeConfigs(List.of(ORDERS)).values().get(ORDERS));
        assertThat(valueOf(config, "retention.ms")).isEqualTo("1000");
        assertThat(valueOf(config, "cleanup.policy")).isEqualTo("delete,compact");
        assertThat(valueOf(config, "segment.bytes")).isEqualTo("1073741824");
        assertThat(config.get("segment.bytes").isDefault()).isTrue();
    }

    @Test
    void wrongSettingChangesNothing() {
        create(new NewTopic("orders", 1, (short) 1));
        AlterConfigOp wrong = new AlterConfigOp(new ConfigEntry("retention.sm", "1"), AlterConfigOp.OpType.SET);
        assertThat(failure(admin.incrementalAlterConfigs(Map.of(ORDERS, List.of(wrong)))
                        .all()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("retention.sm");
        Config config = get(admin.describeConfigs(List.of(ORDERS)).values().get(ORDERS));
        assertThat(config.entries())
                .allSatisfy(entry -> assertThat(entry.name()).isNotEqualTo("retention.sm"));
    }

    @Test
    void brokerSettingsAreDescribed() {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "1");
        Config config = get(admin.describeConfigs(List.of(resource)).values().get(resource));
        assertThat(valueOf(config, "num.partitions")).isEqualTo("4");
        assertThat(config.get("num.partitions").isDefault()).isFalse();
        assertThat(config.get("auto.create.topics.enable").isDefault()).isTrue();
    }

    @Test
    void clusterIsOneNodeAndKeepsItsId() {
        String id = get(admin.describeCluster().clusterId());
        assertThat(get(admin.describeCluster().nodes())).hasSize(1);
        assertThat(get(admin.describeCluster().controller()).port()).isEqualTo(broker.port());
        admin.close();
        broker.close();
        broker = TestBroker.in(dir);
        admin = broker.admin();
        assertThat(get(admin.describeCluster().clusterId())).isEqualTo(id);
    }

    @Test
    void deletedRecordsAreOutOfReach() {
        create(new NewTopic("orders", 1, (short) 1));
        broker.produce("orders", 0, List.of("a", "b", "c"));
        TopicPartition partition = new TopicPartition("orders", 0);
        get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                .all());
        assertThat(get(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                .partitionResult(partition))
                        .offset())
                .isEqualTo(2);
        assertThat(broker.read("orders", 0, 1)).containsExactly("c");
    }

    @Test
    void offsetsAreFoundByTime() {
        create(new NewTopic("orders", 1, (short) 1));
        TopicPartition partition = new TopicPartition("orders", 0);
        long before = System.currentTimeMillis();
        broker.produce("orders", 0, List.of("a", "b"));
        assertThat(offset(partition, OffsetSpec.forTimestamp(before))).isEqualTo(0);
        assertThat(offset(partition, OffsetSpec.forTimestamp(before + 3_600_000)))
                .isEqualTo(-1);
        assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(2);
        assertThat(offset(partition, OffsetSpec.maxTimestamp())).isBetween(0L, 1L);
    }

    @Test
    void sizesOfPartitionsAreDescribed() {
        create(new NewTopic("orders", 1, (short) 1));
        broker.produce("orders", 0, List.of("a"));
        var described = get(admin.describeLogDirs(List.of(1)).allDescriptions());
        assertThat(described.values())
                .allSatisfy(folders -> assertThat(folders.values())
                        .allSatisfy(folder -> assertThat(folder.replicaInfos().get(new TopicPartition("orders", 0)))
                                .satisfies(replica -> assertThat(replica.size()).isPositive())));
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return get(admin.listOffsets(Map.of(partition, spec)).partitionResult(partition))
                .offset();
    }

    private void create(NewTopic topic) {
        get(admin.createTopics(List.of(topic)).all());
    }

    private Throwable creationFailure(NewTopic topic) {
        return failure(admin.createTopics(List.of(topic)).all());
    }

    private void alter(String key, String value, AlterConfigOp.OpType operation) {
        AlterConfigOp step = new AlterConfigOp(new ConfigEntry(key, value), operation);
        get(admin.incrementalAlterConfigs(Map.of(ORDERS, List.of(step))).all());
    }

    private static String valueOf(Config config, String key) {
        return config.get(key).value();
    }
}
