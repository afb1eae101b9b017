/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.ApiTable;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.cluster.DescribeClusterHandler;
import io.levada.broker.cluster.MetadataHandler;
import io.levada.broker.fetch.FetchHandler;
import io.levada.broker.fetch.ListOffsetsHandler;
import io.levada.broker.fetch.OffsetsForLeaderEpochHandler;
import io.levada.broker.produce.InitProducerIdHandler;
import io.levada.broker.produce.ProduceHandler;
import io.levada.broker.produce.ProducerIds;
import io.levada.broker.topic.CreatePartitionsHandler;
import io.levada.broker.topic.CreateTopicsHandler;
import io.levada.broker.topic.DeleteTopicsHandler;
import io.levada.broker.topic.Topics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.ProduceRequest;

/** The one list of what this broker serves: API, versions, handler. */
final class ServedApis {
    private final Cluster cluster;
    private final Topics topics;
    private final BrokerThreads threads;

    ServedApis(Cluster cluster, Topics topics, BrokerThreads threads) {
        this.cluster = cluster;
        this.topics = topics;
        this.threads = threads;
    }

    ApiTable table(BrokerConfig config, FetchHandler fetch, ProducerIds producerIds) {
        ApiTable.Builder table = ApiTable.builder();
        cluster(table, config);
        topics(table);
        records(table, fetch, producerIds);
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
                        ApiKeys.DESCRIBE_CLUSTER,
                        0,
                        2,
                        DescribeClusterRequest.class,
                        new DescribeClusterHandler(cluster));
    }

    private void topics(ApiTable.Builder table) {
        table.serve(ApiKeys.CREATE_TOPICS, 2, 7, CreateTopicsRequest.class, new CreateTopicsHandler(topics))
                .serve(ApiKeys.DELETE_TOPICS, 1, 6, DeleteTopicsRequest.class, new DeleteTopicsHandler(topics))
                .serve(
                        ApiKeys.CREATE_PARTITIONS,
                        0,
                        3,
                        CreatePartitionsRequest.class,
                        new CreatePartitionsHandler(topics));
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
}
