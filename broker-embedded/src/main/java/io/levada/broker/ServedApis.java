/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.ApiTable;
import io.levada.broker.api.NoAcls;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.cluster.DescribeClusterHandler;
import io.levada.broker.cluster.DescribeQuorumHandler;
import io.levada.broker.cluster.DescribeTopicPartitionsHandler;
import io.levada.broker.cluster.ElectLeadersHandler;
import io.levada.broker.cluster.MetadataHandler;
import io.levada.broker.fetch.DescribeProducersHandler;
import io.levada.broker.fetch.FetchHandler;
import io.levada.broker.fetch.ListOffsetsHandler;
import io.levada.broker.fetch.OffsetsForLeaderEpochHandler;
import io.levada.broker.group.DeleteGroupsHandler;
import io.levada.broker.group.DescribeGroupsHandler;
import io.levada.broker.group.FindCoordinatorHandler;
import io.levada.broker.group.GroupCoordinator;
import io.levada.broker.group.HeartbeatHandler;
import io.levada.broker.group.JoinGroupHandler;
import io.levada.broker.group.LeaveGroupHandler;
import io.levada.broker.group.ListGroupsHandler;
import io.levada.broker.group.OffsetCommitHandler;
import io.levada.broker.group.OffsetDeleteHandler;
import io.levada.broker.group.OffsetFetchHandler;
import io.levada.broker.group.SyncGroupHandler;
import io.levada.broker.group.TxnOffsetCommitHandler;
import io.levada.broker.produce.ProduceHandler;
import io.levada.broker.topic.AlterConfigsHandler;
import io.levada.broker.topic.BrokerSettings;
import io.levada.broker.topic.CreatePartitionsHandler;
import io.levada.broker.topic.CreateTopicsHandler;
import io.levada.broker.topic.DeleteRecordsHandler;
import io.levada.broker.topic.DeleteTopicsHandler;
import io.levada.broker.topic.DescribeConfigsHandler;
import io.levada.broker.topic.DescribeLogDirsHandler;
import io.levada.broker.topic.DynamicSettings;
import io.levada.broker.topic.IncrementalAlterConfigsHandler;
import io.levada.broker.topic.ListConfigResourcesHandler;
import io.levada.broker.topic.SettingChanges;
import io.levada.broker.topic.Topics;
import io.levada.broker.txn.AddOffsetsToTxnHandler;
import io.levada.broker.txn.AddPartitionsToTxnHandler;
import io.levada.broker.txn.DescribeTransactionsHandler;
import io.levada.broker.txn.EndTxnHandler;
import io.levada.broker.txn.InitProducerIdHandler;
import io.levada.broker.txn.ListTransactionsHandler;
import io.levada.broker.txn.MarkerWriter;
import io.levada.broker.txn.OffsetsLog;
import io.levada.broker.txn.ProducerIds;
import io.levada.broker.txn.TransactionCoordinator;
import io.levada.broker.txn.WriteTxnMarkersHandler;
import java.time.InstantSource;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.DeleteAclsRequest;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DescribeAclsRequest;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;

/** The one list of what this broker serves: API, versions, handler. */
final class ServedApis {
    private final Cluster cluster;
    private final Topics topics;
    private final BrokerSettings settings;
    private final DynamicSettings dynamic;
    private final BrokerThreads threads;
    private final InstantSource clock;

    ServedApis(
            Cluster cluster,
            Topics topics,
            BrokerSettings settings,
            DynamicSettings dynamic,
            BrokerThreads threads,
            InstantSource clock) {
        this.cluster = cluster;
        this.topics = topics;
        this.settings = settings;
        this.dynamic = dynamic;
        this.threads = threads;
        this.clock = clock;
    }

    /** What transactions are served with. */
    record TransactionParts(
            TransactionCoordinator coordinator, ProducerIds ids, MarkerWriter markers, OffsetsLog offsets) {}

    ApiTable table(BrokerConfig config, FetchHandler fetch, TransactionParts transactions, GroupCoordinator groups) {
        ApiTable.Builder table = ApiTable.builder();
        cluster(table, config);
        security(table);
        topics(table);
        configs(table, config);
        records(table, fetch, transactions.coordinator());
        transactions(table, config, transactions, groups);
        groups(table, groups, transactions.coordinator());
        groupAdmin(table, groups);
        return table.build();
    }

    private void cluster(ApiTable.Builder table, BrokerConfig config) {
        table.serve(
                        ApiKeys.METADATA,
                        0,
                        13,
                        MetadataRequest.class,
                        new MetadataHandler(cluster, topics, config.autoCreateTopics()))
                .serve(
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        0,
                        0,
                        DescribeTopicPartitionsRequest.class,
                        new DescribeTopicPartitionsHandler(topics))
                .serve(
                        ApiKeys.DESCRIBE_CLUSTER,
                        0,
                        2,
                        DescribeClusterRequest.class,
                        new DescribeClusterHandler(cluster))
                .serve(ApiKeys.ELECT_LEADERS, 0, 2, ElectLeadersRequest.class, new ElectLeadersHandler(topics))
                .serve(ApiKeys.DESCRIBE_QUORUM, 0, 2, DescribeQuorumRequest.class, new DescribeQuorumHandler(cluster));
    }

    private static void security(ApiTable.Builder table) {
        table.serve(ApiKeys.DESCRIBE_ACLS, 1, 3, DescribeAclsRequest.class, NoAcls.refusing(AclOperation.DESCRIBE))
                .serve(ApiKeys.CREATE_ACLS, 1, 3, CreateAclsRequest.class, NoAcls.refusing(AclOperation.ALTER))
                .serve(ApiKeys.DELETE_ACLS, 1, 3, DeleteAclsRequest.class, NoAcls.refusing(AclOperation.ALTER));
    }

    private void topics(ApiTable.Builder table) {
        table.serve(
                        ApiKeys.CREATE_TOPICS,
                        2,
                        7,
                        CreateTopicsRequest.class,
                        new CreateTopicsHandler(topics, settings, Cluster.NODE_ID))
                .serve(ApiKeys.DELETE_TOPICS, 1, 6, DeleteTopicsRequest.class, new DeleteTopicsHandler(topics))
                .serve(
                        ApiKeys.CREATE_PARTITIONS,
                        0,
                        3,
                        CreatePartitionsRequest.class,
                        new CreatePartitionsHandler(topics, Cluster.NODE_ID));
    }

    private void records(ApiTable.Builder table, FetchHandler fetch, TransactionCoordinator transactions) {
        table.serve(
                        ApiKeys.PRODUCE,
                        3,
                        13,
                        ProduceRequest.class,
                        new ProduceHandler(topics, threads::partition, transactions))
                .serve(ApiKeys.FETCH, 4, 18, FetchRequest.class, fetch)
                .serve(
                        ApiKeys.LIST_OFFSETS,
                        1,
                        11,
                        ListOffsetsRequest.class,
                        new ListOffsetsHandler(topics, threads.fetch()))
                .serve(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        2,
                        4,
                        OffsetsForLeaderEpochRequest.class,
                        new OffsetsForLeaderEpochHandler(topics))
                .serve(
                        ApiKeys.DESCRIBE_PRODUCERS,
                        0,
                        0,
                        DescribeProducersRequest.class,
                        new DescribeProducersHandler(topics, threads.fetch()));
    }

    private void transactions(
            ApiTable.Builder table, BrokerConfig config, TransactionParts parts, GroupCoordinator groups) {
        TransactionCoordinator coordinator = parts.coordinator();
        table.serve(
                        ApiKeys.INIT_PRODUCER_ID,
                        0,
                        // Version 6 is for transactions that an outside coordinator ends (KIP-939), not stable yet.
                        5,
                        InitProducerIdRequest.class,
                        new InitProducerIdHandler(parts.ids(), coordinator, config.transactions(), threads.topics()))
                .serve(
                        ApiKeys.ADD_PARTITIONS_TO_TXN,
                        0,
                        5,
                        AddPartitionsToTxnRequest.class,
                        new AddPartitionsToTxnHandler(coordinator, topics))
                .serve(
                        ApiKeys.ADD_OFFSETS_TO_TXN,
                        0,
                        4,
                        AddOffsetsToTxnRequest.class,
                        new AddOffsetsToTxnHandler(coordinator, parts.offsets()))
                .serve(
                        ApiKeys.TXN_OFFSET_COMMIT,
                        0,
                        6,
                        TxnOffsetCommitRequest.class,
                        new TxnOffsetCommitHandler(groups, topics, coordinator, clock))
                .serve(ApiKeys.END_TXN, 0, 5, EndTxnRequest.class, new EndTxnHandler(coordinator))
                .serve(
                        ApiKeys.WRITE_TXN_MARKERS,
                        1,
                        2,
                        WriteTxnMarkersRequest.class,
                        new WriteTxnMarkersHandler(parts.markers()))
                .serve(
                        ApiKeys.DESCRIBE_TRANSACTIONS,
                        0,
                        0,
                        DescribeTransactionsRequest.class,
                        new DescribeTransactionsHandler(coordinator))
                .serve(
                        ApiKeys.LIST_TRANSACTIONS,
                        0,
                        2,
                        ListTransactionsRequest.class,
                        new ListTransactionsHandler(coordinator, clock));
    }

    private void groups(ApiTable.Builder table, GroupCoordinator groups, TransactionCoordinator transactions) {
        table.serve(
                        ApiKeys.FIND_COORDINATOR,
                        0,
                        6,
                        FindCoordinatorRequest.class,
                        new FindCoordinatorHandler(cluster, groups, transactions))
                .serve(ApiKeys.JOIN_GROUP, 0, 9, JoinGroupRequest.class, new JoinGroupHandler(groups))
                .serve(ApiKeys.SYNC_GROUP, 0, 5, SyncGroupRequest.class, new SyncGroupHandler(groups))
                .serve(ApiKeys.HEARTBEAT, 0, 4, HeartbeatRequest.class, new HeartbeatHandler(groups))
                .serve(ApiKeys.LEAVE_GROUP, 0, 5, LeaveGroupRequest.class, new LeaveGroupHandler(groups))
                .serve(
                        ApiKeys.OFFSET_COMMIT,
                        2,
                        10,
                        OffsetCommitRequest.class,
                        new OffsetCommitHandler(groups, topics, clock))
                .serve(ApiKeys.OFFSET_FETCH, 1, 10, OffsetFetchRequest.class, new OffsetFetchHandler(groups, topics));
    }

    private void groupAdmin(ApiTable.Builder table, GroupCoordinator groups) {
        table.serve(ApiKeys.DESCRIBE_GROUPS, 0, 6, DescribeGroupsRequest.class, new DescribeGroupsHandler(groups))
                .serve(ApiKeys.LIST_GROUPS, 0, 5, ListGroupsRequest.class, new ListGroupsHandler(groups))
                .serve(ApiKeys.DELETE_GROUPS, 0, 2, DeleteGroupsRequest.class, new DeleteGroupsHandler(groups))
                .serve(ApiKeys.OFFSET_DELETE, 0, 0, OffsetDeleteRequest.class, new OffsetDeleteHandler(groups, topics));
    }

    private void configs(ApiTable.Builder table, BrokerConfig config) {
        SettingChanges changes = new SettingChanges(topics, settings, dynamic);
        table.serve(
                        ApiKeys.DESCRIBE_CONFIGS,
                        1,
                        4,
                        DescribeConfigsRequest.class,
                        new DescribeConfigsHandler(topics, settings, dynamic))
                .serve(
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        0,
                        1,
                        ListConfigResourcesRequest.class,
                        new ListConfigResourcesHandler(topics, dynamic, Cluster.NODE_ID))
                .serve(ApiKeys.ALTER_CONFIGS, 0, 2, AlterConfigsRequest.class, new AlterConfigsHandler(changes))
                .serve(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        0,
                        1,
                        IncrementalAlterConfigsRequest.class,
                        new IncrementalAlterConfigsHandler(changes))
                .serve(
                        ApiKeys.DELETE_RECORDS,
                        0,
                        2,
                        DeleteRecordsRequest.class,
                        new DeleteRecordsHandler(topics, threads::partition, threads.fetch()))
                .serve(
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        1,
                        // Version 5 also tells whether a folder takes no new partitions; this one always does.
                        5,
                        DescribeLogDirsRequest.class,
                        new DescribeLogDirsHandler(topics, config.dataDir(), threads.fetch()));
    }
}
