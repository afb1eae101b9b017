/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ApiVersions advertises is answered, in each single version, without an error. */
@Timeout(600)
class EveryVersionTest {
    private static final String TOPIC = "orders";
    private static final String GROUP = "group";
    private static final Set<Errors> FINE = Set.of(
            Errors.NONE,
            Errors.MEMBER_ID_REQUIRED,
            Errors.UNKNOWN_MEMBER_ID,
            Errors.GROUP_ID_NOT_FOUND,
            Errors.SECURITY_DISABLED,
            Errors.ELECTION_NOT_NEEDED);
    // What a transactional id that nobody has begun is told, and a partition that has not seen its producer.
    private static final Set<Errors> NO_TRANSACTION =
            Set.of(Errors.INVALID_PRODUCER_ID_MAPPING, Errors.TRANSACTIONAL_ID_NOT_FOUND);

    @TempDir
    Path dir;

    private TestBroker broker;
    private static final Set<Errors> REFUSALS = Set.of(
            Errors.TOPIC_AUTHORIZATION_FAILED,
            Errors.GROUP_AUTHORIZATION_FAILED,
            Errors.CLUSTER_AUTHORIZATION_FAILED,
            Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    /** What tells nothing but how to reach the broker, or leaves out what the caller may not see. */
    private static final Set<ApiKeys> FREE_FOR_ALL =
            Set.of(ApiKeys.API_VERSIONS, ApiKeys.DESCRIBE_CLUSTER, ApiKeys.LIST_GROUPS, ApiKeys.LIST_TRANSACTIONS);

    private Uuid topicId;

    @BeforeEach
    void start() {
        broker = TestBroker.in(dir, "broker.transaction.state.log.num.partitions", "2");
        try (Admin admin = broker.admin()) {
            topicId = TestBroker.get(admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1)))
                    .topicId(TOPIC));
            for (int version = 1; version <= 6; version++) {
                broker.createTopic("deleted-" + version, 1);
            }
            broker.produce(TOPIC, 0, List.of("a", "b"));
            TestBroker.get(admin.alterConsumerGroupOffsets(
                            GROUP, Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(1, "note")))
                    .all());
            try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "present")) {
                producer.initTransactions();
            }
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void everyAdvertisedVersionIsAnswered() throws IOException {
        Map<ApiKeys, IntFunction<ApiMessage>> requests = requests();
        try (RawClient client = new RawClient(broker.port())) {
            ApiVersionsResponse advertised =
                    (ApiVersionsResponse) client.ask(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData());
            List<String> problems = new ArrayList<>();
            for (ApiVersionsResponseData.ApiVersion api : advertised.data().apiKeys()) {
                ApiKeys key = ApiKeys.forId(api.apiKey());
                IntFunction<ApiMessage> request = requests.get(key);
                assertThat(request).as("a request for %s", key).isNotNull();
                for (short version = api.minVersion(); version <= api.maxVersion(); version++) {
                    AbstractResponse answer = client.ask(key, version, request.apply(version));
                    if (!answer.errorCounts().keySet().stream()
                            .allMatch(error -> FINE.contains(error) || NO_TRANSACTION.contains(error))) {
                        problems.add(key + " version " + version + ": " + answer);
                    }
                }
            }
            assertThat(problems).isEmpty();
        }
    }

    /** Whoever may do nothing gets refusals, and nothing else: no handler answers without having asked. */
    @Test
    void whoHasNoRightsIsRefusedByEveryApi() throws IOException {
        broker.close();
        broker = TestBroker.in(dir, new Denying());
        Map<ApiKeys, IntFunction<ApiMessage>> requests = requests();
        try (RawClient client = new RawClient(broker.port())) {
            ApiVersionsResponse advertised =
                    (ApiVersionsResponse) client.ask(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData());
            List<String> problems = new ArrayList<>();
            for (ApiVersionsResponseData.ApiVersion api : advertised.data().apiKeys()) {
                ApiKeys key = ApiKeys.forId(api.apiKey());
                AbstractResponse answer = client.ask(
                        key,
                        api.maxVersion(),
                        Objects.requireNonNull(requests.get(key), key.name).apply(api.maxVersion()));
                Set<Errors> errors = new HashSet<>(answer.errorCounts().keySet());
                errors.remove(Errors.NONE); // of an answer that has errors further in
                boolean refused = !errors.isEmpty() && REFUSALS.containsAll(errors);
                if (!refused && !FREE_FOR_ALL.contains(key)) {
                    problems.add(key + ": " + answer);
                }
            }
            assertThat(problems).isEmpty();
        }
    }

    private static final class Denying implements Authorizer {
        @Override
        public boolean permits(Session session, AclOperation operation, ResourceType type, String name) {
            return false;
        }

        @Override
        public boolean permitsOnAny(Session session, AclOperation operation, ResourceType type) {
            return false;
        }
    }

    private Map<ApiKeys, IntFunction<ApiMessage>> requests() {
        Map<ApiKeys, IntFunction<ApiMessage>> all = new EnumMap<>(ApiKeys.class);
        recordRequests(all);
        topicRequests(all);
        groupRequests(all);
        offsetRequests(all);
        transactionRequests(all);
        return all;
    }

    private void transactionRequests(Map<ApiKeys, IntFunction<ApiMessage>> all) {
        all.put(ApiKeys.ADD_PARTITIONS_TO_TXN, version -> {
            AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection topics =
                    new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection();
            topics.add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic()
                    .setName(TOPIC)
                    .setPartitions(List.of(0)));
            AddPartitionsToTxnRequestData data = new AddPartitionsToTxnRequestData();
            if (version < 4) {
                return data.setV3AndBelowTransactionalId("t")
                        .setV3AndBelowProducerId(1)
                        .setV3AndBelowProducerEpoch((short) 0)
                        .setV3AndBelowTopics(topics);
            }
            data.transactions()
                    .add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction()
                            .setTransactionalId("t")
                            .setProducerId(1)
                            .setVerifyOnly(version % 2 == 0)
                            .setTopics(topics));
            return data;
        });
        all.put(
                ApiKeys.ADD_OFFSETS_TO_TXN,
                version -> new AddOffsetsToTxnRequestData()
                        .setTransactionalId("t")
                        .setProducerId(1)
                        .setGroupId(GROUP));
        all.put(
                ApiKeys.TXN_OFFSET_COMMIT,
                version -> new TxnOffsetCommitRequestData()
                        .setTransactionalId("t")
                        .setProducerId(1)
                        .setGroupId(GROUP)
                        .setTopics(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                                .setName(TOPIC)
                                .setTopicId(topicId)
                                .setPartitions(
                                        List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition())))));
        all.put(
                ApiKeys.END_TXN,
                version -> new EndTxnRequestData().setTransactionalId("t").setProducerId(1));
        all.put(
                ApiKeys.WRITE_TXN_MARKERS,
                version -> new WriteTxnMarkersRequestData()
                        .setMarkers(List.of(new WriteTxnMarkersRequestData.WritableTxnMarker()
                                .setProducerId(1)
                                .setTopics(List.of(new WriteTxnMarkersRequestData.WritableTxnMarkerTopic()
                                        .setName(TOPIC)
                                        .setPartitionIndexes(List.of(0)))))));
        all.put(
                ApiKeys.DESCRIBE_TRANSACTIONS,
                version -> new DescribeTransactionsRequestData().setTransactionalIds(List.of("t")));
        all.put(ApiKeys.LIST_TRANSACTIONS, version -> new ListTransactionsRequestData());
    }

    private void recordRequests(Map<ApiKeys, IntFunction<ApiMessage>> all) {
        all.put(ApiKeys.PRODUCE, version -> {
            ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData()
                    .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                            .setIndex(1)
                            .setRecords(MemoryRecords.withRecords(
                                    Compression.NONE, new SimpleRecord(1, null, new byte[] {1})))));
            ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
            topics.add(version >= 13 ? topic.setTopicId(topicId) : topic.setName(TOPIC));
            return new ProduceRequestData()
                    .setAcks((short) -1)
                    .setTimeoutMs(1000)
                    .setTopicData(topics);
        });
        all.put(ApiKeys.FETCH, version -> {
            FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic()
                    .setPartitions(List.of(new FetchRequestData.FetchPartition()
                            .setPartition(0)
                            .setPartitionMaxBytes(1000)));
            return new FetchRequestData()
                    .setMaxWaitMs(10)
                    .setMinBytes(1)
                    .setMaxBytes(1000)
                    .setIsolationLevel((byte) (version % 2))
                    .setTopics(List.of(version >= 13 ? topic.setTopicId(topicId) : topic.setTopic(TOPIC)));
        });
        all.put(
                ApiKeys.LIST_OFFSETS,
                version -> new ListOffsetsRequestData()
                        .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                        .setPartitionIndex(0)
                                        .setTimestamp(-1))))));
        all.put(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version -> {
            OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData();
            data.topics()
                    .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                            .setTopic(TOPIC)
                            .setPartitions(List.of(new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                    .setPartition(0)
                                    .setLeaderEpoch(0))));
            return data;
        });
        all.put(ApiKeys.DESCRIBE_PRODUCERS, version -> {
            DescribeProducersRequestData data = new DescribeProducersRequestData();
            data.topics()
                    .add(new DescribeProducersRequestData.TopicRequest()
                            .setName(TOPIC)
                            .setPartitionIndexes(List.of(0, 1)));
            return data;
        });
        all.put(ApiKeys.INIT_PRODUCER_ID, version -> new InitProducerIdRequestData().setTransactionalId(null));
        all.put(
                ApiKeys.DELETE_RECORDS,
                version -> new DeleteRecordsRequestData()
                        .setTopics(List.of(new DeleteRecordsRequestData.DeleteRecordsTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(new DeleteRecordsRequestData.DeleteRecordsPartition()
                                        .setPartitionIndex(0)
                                        .setOffset(0))))));
    }

    private void topicRequests(Map<ApiKeys, IntFunction<ApiMessage>> all) {
        all.put(
                ApiKeys.API_VERSIONS,
                version -> new ApiVersionsRequestData()
                        .setClientSoftwareName("test")
                        .setClientSoftwareVersion("1"));
        all.put(
                ApiKeys.METADATA,
                version -> new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(TOPIC))));
        all.put(ApiKeys.DESCRIBE_CLUSTER, version -> new DescribeClusterRequestData());
        all.put(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                version -> new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new DescribeTopicPartitionsRequestData.TopicRequest().setName(TOPIC))));
        all.put(ApiKeys.CREATE_TOPICS, version -> {
            CreateTopicsRequestData data = new CreateTopicsRequestData();
            data.topics()
                    .add(new CreateTopicsRequestData.CreatableTopic()
                            .setName("created-" + version)
                            .setNumPartitions(1)
                            .setReplicationFactor((short) 1));
            return data;
        });
        all.put(
                ApiKeys.DELETE_TOPICS,
                version -> version >= 6
                        ? new DeleteTopicsRequestData()
                                .setTopics(List.of(
                                        new DeleteTopicsRequestData.DeleteTopicState().setName("deleted-" + version)))
                        : new DeleteTopicsRequestData().setTopicNames(List.of("deleted-" + version)));
        all.put(ApiKeys.CREATE_PARTITIONS, version -> {
            CreatePartitionsRequestData data = new CreatePartitionsRequestData();
            data.topics()
                    .add(new CreatePartitionsRequestData.CreatePartitionsTopic()
                            .setName(TOPIC)
                            .setCount(3 + version)
                            .setAssignments(null));
            return data;
        });
        all.put(
                ApiKeys.DESCRIBE_CONFIGS,
                version -> new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                                .setResourceType((byte) 2)
                                .setResourceName(TOPIC)
                                .setConfigurationKeys(null))));
        all.put(ApiKeys.ALTER_CONFIGS, version -> {
            AlterConfigsRequestData data = new AlterConfigsRequestData();
            data.resources()
                    .add(new AlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType((byte) 2)
                            .setResourceName(TOPIC));
            return data;
        });
        all.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, version -> {
            IncrementalAlterConfigsRequestData data = new IncrementalAlterConfigsRequestData();
            data.resources()
                    .add(new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType((byte) 2)
                            .setResourceName(TOPIC));
            return data;
        });
        clusterRequests(all);
        all.put(ApiKeys.DESCRIBE_LOG_DIRS, version -> new DescribeLogDirsRequestData().setTopics(null));
    }

    private static void clusterRequests(Map<ApiKeys, IntFunction<ApiMessage>> all) {
        all.put(
                ApiKeys.DESCRIBE_ACLS,
                version -> new DescribeAclsRequestData()
                        .setResourceTypeFilter((byte) 1)
                        .setPatternTypeFilter((byte) 1)
                        .setOperation((byte) 1)
                        .setPermissionType((byte) 1));
        all.put(
                ApiKeys.CREATE_ACLS,
                version -> new CreateAclsRequestData()
                        .setCreations(List.of(new CreateAclsRequestData.AclCreation()
                                .setResourceType((byte) 2)
                                .setResourceName(TOPIC)
                                .setResourcePatternType((byte) 3)
                                .setPrincipal("User:a")
                                .setHost("*")
                                .setOperation((byte) 3)
                                .setPermissionType((byte) 3))));
        all.put(
                ApiKeys.DELETE_ACLS,
                version -> new DeleteAclsRequestData()
                        .setFilters(List.of(new DeleteAclsRequestData.DeleteAclsFilter()
                                .setResourceTypeFilter((byte) 1)
                                .setPatternTypeFilter((byte) 1)
                                .setOperation((byte) 1)
                                .setPermissionType((byte) 1))));
        all.put(ApiKeys.LIST_CONFIG_RESOURCES, version -> new ListConfigResourcesRequestData());
        all.put(ApiKeys.ELECT_LEADERS, version -> {
            ElectLeadersRequestData data = new ElectLeadersRequestData();
            data.topicPartitions()
                    .add(new ElectLeadersRequestData.TopicPartitions()
                            .setTopic(TOPIC)
                            .setPartitions(List.of(0)));
            return data;
        });
        all.put(ApiKeys.UPDATE_FEATURES, version -> {
            UpdateFeaturesRequestData data = new UpdateFeaturesRequestData();
            data.featureUpdates()
                    .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                            .setFeature("metadata.version")
                            .setMaxVersionLevel((short) 30));
            return data;
        });
        all.put(
                ApiKeys.DESCRIBE_QUORUM,
                version -> new DescribeQuorumRequestData()
                        .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                                .setTopicName("__cluster_metadata")
                                .setPartitions(
                                        List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0))))));
    }

    private static void groupRequests(Map<ApiKeys, IntFunction<ApiMessage>> all) {
        all.put(
                ApiKeys.FIND_COORDINATOR,
                version -> version >= 4
                        ? new FindCoordinatorRequestData().setCoordinatorKeys(List.of(GROUP))
                        : new FindCoordinatorRequestData().setKey(GROUP));
        all.put(ApiKeys.JOIN_GROUP, version -> {
            JoinGroupRequestData data = new JoinGroupRequestData()
                    .setGroupId("joined-" + version)
                    .setProtocolType("test")
                    .setSessionTimeoutMs(10_000);
            if (version >= 1) {
                data.setRebalanceTimeoutMs(10_000);
            }
            data.protocols()
                    .add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                            .setName("any")
                            .setMetadata(new byte[] {1}));
            return data;
        });
        all.put(ApiKeys.SYNC_GROUP, version -> {
            SyncGroupRequestData data =
                    new SyncGroupRequestData().setGroupId(GROUP).setMemberId("nobody");
            return version >= 5 ? data.setProtocolType("test").setProtocolName("any") : data;
        });
        all.put(
                ApiKeys.HEARTBEAT,
                version -> new HeartbeatRequestData().setGroupId(GROUP).setMemberId("nobody"));
        all.put(
                ApiKeys.LEAVE_GROUP,
                version -> version >= 3
                        ? new LeaveGroupRequestData()
                                .setGroupId(GROUP)
                                .setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId("nobody")))
                        : new LeaveGroupRequestData().setGroupId(GROUP).setMemberId("nobody"));
        all.put(ApiKeys.DESCRIBE_GROUPS, version -> new DescribeGroupsRequestData().setGroups(List.of(GROUP)));
        all.put(ApiKeys.LIST_GROUPS, version -> new ListGroupsRequestData());
        all.put(
                ApiKeys.DELETE_GROUPS,
                version -> new DeleteGroupsRequestData().setGroupsNames(List.of("joined-absent")));
    }

    private void offsetRequests(Map<ApiKeys, IntFunction<ApiMessage>> all) {
        all.put(ApiKeys.OFFSET_COMMIT, version -> {
            OffsetCommitRequestData.OffsetCommitRequestTopic topic =
                    new OffsetCommitRequestData.OffsetCommitRequestTopic()
                            .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(version)));
            return new OffsetCommitRequestData()
                    .setGroupId(GROUP)
                    .setTopics(List.of(version >= 10 ? topic.setTopicId(topicId) : topic.setName(TOPIC)));
        });
        all.put(ApiKeys.OFFSET_FETCH, this::offsetFetch);
        all.put(ApiKeys.OFFSET_DELETE, version -> {
            OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId(GROUP);
            data.topics()
                    .add(new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                            .setName(TOPIC)
                            .setPartitions(List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition())));
            return data;
        });
    }

    private ApiMessage offsetFetch(int version) {
        if (version < 8) {
            return new OffsetFetchRequestData()
                    .setGroupId(GROUP)
                    .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopic()
                            .setName(TOPIC)
                            .setPartitionIndexes(List.of(0))));
        }
        OffsetFetchRequestData.OffsetFetchRequestTopics topic =
                new OffsetFetchRequestData.OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestData.OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setTopics(List.of(version >= 10 ? topic.setTopicId(topicId) : topic.setName(TOPIC)))));
    }
}
