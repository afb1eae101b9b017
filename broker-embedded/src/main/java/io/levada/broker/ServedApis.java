/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.ApiTable;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.cluster.DescribeClusterHandler;
import io.levada.broker.cluster.DescribeTopicPartitionsHandler;
import io.levada.broker.cluster.MetadataHandler;
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
import io.levada.broker.produce.InitProducerIdHandler;
import io.levada.broker.produce.ProduceHandler;
import io.levada.broker.produce.ProducerIds;
import io.levada.broker.topic.AlterConfigsHandler;
import io.levada.broker.topic.CreatePartitionsHandler;
import io.levada.broker.topic.CreateTopicsHandler;
import io.levada.broker.topic.DeleteRecordsHandler;
import io.levada.broker.topic.DeleteTopicsHandler;
import io.levada.broker.topic.DescribeConfigsHandler;
import io.levada.broker.topic.DescribeLogDirsHandler;
import io.levada.broker.topic.IncrementalAlterConfigsHandler;
import io.levada.broker.topic.Topics;
import java.time.InstantSource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;

/** The one list of what this broker serves: API, versions, handler. */
final class ServedApis {
    private final Cluster cluster;
    private final Topics topics;
    private final BrokerThreads threads;
    private final InstantSource clock;

    ServedApis(Cluster cluster, Topics topics, BrokerThreads threads, InstantSource clock) {
        this.cluster = cluster;
        this.topics = topics;
        this.threads = threads;
        this.clock = clock;
    }

    ApiTable table(BrokerConfig config, FetchHandler fetch, ProducerIds producerIds, GroupCoordinator groups) {
        ApiTable.Builder table = ApiTable.builder();
        cluster(table, config);
        topics(table);
        configs(table, config);
        records(table, fetch, producerIds);
        groups(table, groups);
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
                        new DescribeClusterHandler(cluster));
    }

    private void topics(ApiTable.Builder table) {
        table.serve(
                        ApiKeys.CREATE_TOPICS,
                        2,
                        7,
                        CreateTopicsRequest.class,
                        new CreateTopicsHandler(topics, Cluster.NODE_ID))
                .serve(ApiKeys.DELETE_TOPICS, 1, 6, DeleteTopicsRequest.class, new DeleteTopicsHandler(topics))
                .serve(
                        ApiKeys.CREATE_PARTITIONS,
                        0,
                        3,
                        CreatePartitionsRequest.class,
                        new CreatePartitionsHandler(topics, Cluster.NODE_ID));
    }

    private void records(ApiTable.Builder table, FetchHandler fetch, ProducerIds producerIds) {
        table.serve(ApiKeys.PRODUCE, 3, 13, ProduceRequest.class, new ProduceHandler(topics, threads::partition))
                .serve(
                        ApiKeys.INIT_PRODUCER_ID,
                        0,
                        5,
                        InitProducerIdRequest.class,
                        new InitProducerIdHandler(producerIds, threads.topics()))
                .serve(ApiKeys.FETCH, 4, 18, FetchRequest.class, fetch)
                // Version 11 asks for what tiered storage has not uploaded yet.
                .serve(
                        ApiKeys.LIST_OFFSETS,
                        1,
                        10,
                        ListOffsetsRequest.class,
                        new ListOffsetsHandler(topics, threads.fetch()))
                .serve(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        2,
                        4,
                        OffsetsForLeaderEpochRequest.class,
                        new OffsetsForLeaderEpochHandler(topics));
    }

    private void groups(ApiTable.Builder table, GroupCoordinator groups) {
        table.serve(
                        ApiKeys.FIND_COORDINATOR,
                        0,
                        6,
                        FindCoordinatorRequest.class,
                        new FindCoordinatorHandler(cluster, groups))
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
        table.serve(
                        ApiKeys.DESCRIBE_CONFIGS,
                        1,
                        4,
                        DescribeConfigsRequest.class,
                        new DescribeConfigsHandler(topics, config.described(), Cluster.NODE_ID))
                .serve(ApiKeys.ALTER_CONFIGS, 0, 2, AlterConfigsRequest.class, new AlterConfigsHandler(topics))
                .serve(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        0,
                        1,
                        IncrementalAlterConfigsRequest.class,
                        new IncrementalAlterConfigsHandler(topics))
                .serve(
                        ApiKeys.DELETE_RECORDS,
                        0,
                        2,
                        DeleteRecordsRequest.class,
                        new DeleteRecordsHandler(topics, threads::partition, threads.fetch()))
                .serve(
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        1,
                        4,
                        DescribeLogDirsRequest.class,
                        new DescribeLogDirsHandler(topics, config.dataDir(), threads.fetch()));
    }
}
