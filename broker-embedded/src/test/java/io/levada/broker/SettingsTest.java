/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.failure;
import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What administrators see of settings and features, and what they can change, as Kafka's own tools ask for it. */
@Timeout(600)
class SettingsTest {
    private static final ConfigResource NODE = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource CLUSTER = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
    private static final ConfigResource READERS = new ConfigResource(ConfigResource.Type.GROUP, "readers");

    @TempDir
    Path dir;

    private TestBroker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        open("broker.log.retention.hours", "24", "broker.num.partitions", "4");
        broker.createTopic("orders", 1);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void brokerHasKafkasNames() {
        Config config = describe(NODE);
        assertThat(config.entries())
                .extracting(ConfigEntry::name)
                .contains(
                        "log.retention.ms",
                        "log.retention.minutes",
                        "log.retention.hours",
                        "log.segment.bytes",
                        "log.cleanup.policy",
                        "message.max.bytes",
                        "num.partitions",
                        "auto.create.topics.enable",
                        "default.replication.factor",
                        "log.dirs",
                        "node.id",
                        "offsets.topic.num.partitions",
                        "group.max.session.timeout.ms");
        assertThat(entry(config, "message.max.bytes").value()).isEqualTo("1048588");
        assertThat(entry(config, "message.max.bytes").type()).isEqualTo(ConfigEntry.ConfigType.INT);
        assertThat(entry(config, "message.max.bytes").isReadOnly()).isFalse();
        assertThat(entry(config, "num.partitions").isReadOnly()).isTrue();
        assertThat(entry(config, "num.partitions").source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(entry(config, "log.segment.bytes").source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(config.entries())
                .allSatisfy(entry -> assertThat(entry.documentation()).isNotBlank());
    }

    @Test
    void topicsSettingsShowTheNamesTheyHaveOnTheBroker() {
        alter(ORDERS, "retention.ms", "5000", OpType.SET);
        ConfigEntry retention = entry(describe(ORDERS), "retention.ms");
        assertThat(retention.value()).isEqualTo("5000");
        assertThat(retention.synonyms())
                .extracting(ConfigEntry.ConfigSynonym::name, ConfigEntry.ConfigSynonym::value)
                .containsExactly(
                        tuple("retention.ms", "5000"),
                        tuple("log.retention.hours", "24"),
                        tuple("log.retention.hours", "168"));
        assertThat(entry(describe(ORDERS), "cleanup.policy").synonyms())
                .extracting(ConfigEntry.ConfigSynonym::name, ConfigEntry.ConfigSynonym::source)
                .containsExactly(tuple("log.cleanup.policy", ConfigSource.DEFAULT_CONFIG));
    }

    @Test
    void hoursCountWhereMillisecondsAreNotGiven() {
        ConfigEntry retention = entry(describe(ORDERS), "retention.ms");
        assertThat(retention.value()).isEqualTo("86400000");
        assertThat(retention.source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
    }

    @Test
    void defaultsOfTopicsChangeWhileTheBrokerRuns() {
        alter(CLUSTER, "log.segment.bytes", "99000000", OpType.SET);
        ConfigEntry ofTopic = entry(describe(ORDERS), "segment.bytes");
        assertThat(ofTopic.value()).isEqualTo("99000000");
        assertThat(ofTopic.source()).isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        alter(NODE, "log.segment.bytes", "88000000", OpType.SET);
        assertThat(entry(describe(ORDERS), "segment.bytes").value()).isEqualTo("88000000");
        assertThat(entry(describe(NODE), "log.segment.bytes").source()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
        assertThat(describe(CLUSTER).entries())
                .extracting(ConfigEntry::name, ConfigEntry::value)
                .containsExactly(tuple("log.segment.bytes", "99000000"));
        restart();
        assertThat(entry(describe(ORDERS), "segment.bytes").value()).isEqualTo("88000000");
        alter(NODE, "log.segment.bytes", "", OpType.DELETE);
        alter(CLUSTER, "log.segment.bytes", "", OpType.DELETE);
        assertThat(entry(describe(ORDERS), "segment.bytes").value()).isEqualTo("1073741824");
        assertThat(describe(CLUSTER).entries()).isEmpty();
    }

    @Test
    void aChangedDefaultIsInForceAtOnce() {
        alter(CLUSTER, "message.max.bytes", "100", OpType.SET);
        try (var producer = broker.producer()) {
            assertThat(failure(producer.send(new ProducerRecord<>("orders", "x".repeat(1000)))))
                    .isInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void aMillisecondsSettingWinsOverHours() {
        alter(CLUSTER, "log.retention.ms", "777000000", OpType.SET);
        assertThat(entry(describe(ORDERS), "retention.ms").value()).isEqualTo("777000000");
    }

    @Test
    void listsOfTheBrokerAreAppendedTo() {
        alter(CLUSTER, "log.cleanup.policy", "compact", OpType.APPEND);
        assertThat(entry(describe(ORDERS), "cleanup.policy").value()).isEqualTo("delete,compact");
    }

    @Test
    void whatCannotChangeWhileTheBrokerRunsIsRefused() {
        for (String key : List.of("log.dirs", "num.partitions", "log.retention.hours", "no.such.setting")) {
            assertThat(failure(tryAlter(NODE, key, "1", OpType.SET, false)))
                    .as(key)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Cannot update these configs dynamically: [" + key + "]");
        }
    }

    @Test
    void wrongValuesAreRefusedAlsoWhereAnotherCounts() {
        alter(NODE, "log.segment.bytes", "88000000", OpType.SET);
        assertThat(failure(tryAlter(CLUSTER, "log.segment.bytes", "big", OpType.SET, false)))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(describe(CLUSTER).entries()).isEmpty();
    }

    @Test
    void validationChangesNothing() {
        get(tryAlter(CLUSTER, "log.segment.bytes", "99000000", OpType.SET, true));
        assertThat(entry(describe(ORDERS), "segment.bytes").value()).isEqualTo("1073741824");
        assertThat(describe(CLUSTER).entries()).isEmpty();
    }

    @Test
    void aKeyMayStandOnceInARequest() {
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), OpType.SET);
        assertThat(failure(admin.incrementalAlterConfigs(Map.of(ORDERS, List.of(op, op)))
                        .all()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void settingsOfGroupsAreKept() {
        alter(READERS, "consumer.session.timeout.ms", "50000", OpType.SET);
        restart();
        ConfigEntry timeout = entry(describe(READERS), "consumer.session.timeout.ms");
        assertThat(timeout.value()).isEqualTo("50000");
        assertThat(timeout.source()).isEqualTo(ConfigSource.DYNAMIC_GROUP_CONFIG);
        assertThat(failure(tryAlter(READERS, "consumer.session.timeout.ms", "soon", OpType.SET, false)))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(failure(tryAlter(READERS, "no.such.setting", "1", OpType.SET, false)))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "flush.messages,1,0",
        "flush.ms,1000,-1",
        "preallocate,true,perhaps",
        "unclean.leader.election.enable,true,sometimes",
        "leader.replication.throttled.replicas,0:1,all",
        "follower.replication.throttled.replicas,*,1",
        "local.retention.ms,1000,-3",
        "local.retention.bytes,-2,-3",
        "remote.log.copy.disable,true,maybe",
        "remote.log.delete.on.disable,false,maybe"
    })
    void whatHasNoEffectHereIsTakenAndChecked(String key, String right, String wrong) {
        alter(ORDERS, key, right, OpType.SET);
        assertThat(entry(describe(ORDERS), key).value()).isEqualTo(right);
        assertThat(failure(tryAlter(ORDERS, key, wrong, OpType.SET, false)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(key);
    }

    @Test
    void tieredStorageCannotBeSwitchedOn() {
        assertThat(failure(tryAlter(ORDERS, "remote.storage.enable", "true", OpType.SET, false)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("there is no tiered storage");
    }

    @Test
    void featuresAreTold() {
        FeatureMetadata features = get(admin.describeFeatures().featureMetadata());
        assertThat(features.finalizedFeatures())
                .hasEntrySatisfying(
                        "metadata.version",
                        level -> assertThat(level.maxVersionLevel()).isEqualTo((short) 30));
        features.finalizedFeatures().forEach((name, level) -> {
            SupportedVersionRange supported =
                    Objects.requireNonNull(features.supportedFeatures().get(name), name);
            assertThat(level.maxVersionLevel()).isBetween(supported.minVersion(), supported.maxVersion());
        });
        assertThat(features.finalizedFeatures()).doesNotContainKeys("share.version", "streams.version");
    }

    @Test
    void featuresDoNotChange() {
        FeatureUpdate lower = new FeatureUpdate((short) 7, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
        assertThat(failure(admin.updateFeatures(Map.of("metadata.version", lower), new UpdateFeaturesOptions())
                        .all()))
                .isInstanceOf(InvalidUpdateVersionException.class);
    }

    @Test
    void quorumIsTheOneNode() {
        QuorumInfo quorum = get(admin.describeMetadataQuorum().quorumInfo());
        assertThat(quorum.leaderId()).isEqualTo(1);
        assertThat(quorum.voters())
                .extracting(QuorumInfo.ReplicaState::replicaId)
                .containsExactly(1);
        assertThat(quorum.observers()).isEmpty();
    }

    @Test
    void whatHasSettingsIsListed() {
        alter(READERS, "consumer.session.timeout.ms", "50000", OpType.SET);
        assertThat(get(admin.listConfigResources(
                                Set.of(ConfigResource.Type.GROUP, ConfigResource.Type.BROKER),
                                new ListConfigResourcesOptions())
                        .all()))
                .containsExactlyInAnyOrder(READERS, NODE);
        assertThat(get(admin.listConfigResources().all())).contains(ORDERS, READERS, NODE);
    }

    @Test
    void noElectionIsNeeded() {
        TopicPartition partition = new TopicPartition("orders", 0);
        Map<TopicPartition, Optional<Throwable>> results = get(
                admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).partitions());
        assertThat(results.get(partition))
                .hasValueSatisfying(error -> assertThat(error).isInstanceOf(ElectionNotNeededException.class));
        assertThat(get(admin.electLeaders(ElectionType.PREFERRED, null).partitions()))
                .isEmpty();
    }

    @Test
    void accessRulesAreNotThere() {
        assertThat(failure(admin.describeAcls(AclBindingFilter.ANY).values()))
                .isInstanceOf(SecurityDisabledException.class);
        assertThat(failure(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all()))
                .isInstanceOf(SecurityDisabledException.class);
    }

    private void open(String... properties) {
        broker = TestBroker.in(dir, properties);
        admin = broker.admin();
    }

    private void restart() {
        admin.close();
        broker.close();
        open();
    }

    private Config describe(ConfigResource resource) {
        DescribeConfigsOptions all =
                new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true);
        return get(admin.describeConfigs(List.of(resource), all).values().get(resource));
    }

    private static ConfigEntry entry(Config config, String name) {
        return Objects.requireNonNull(config.get(name), name);
    }

    private void alter(ConfigResource resource, String key, String value, OpType operation) {
        get(tryAlter(resource, key, value, operation, false));
    }

    private KafkaFuture<Void> tryAlter(
            ConfigResource resource, String key, String value, OpType operation, boolean validateOnly) {
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(key, value), operation);
        return admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(op)), new AlterConfigsOptions().validateOnly(validateOnly))
                .all();
    }
}
