/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.DescribeQuorumResponse;

/**
 * DescribeQuorum: the one node votes for itself. The metadata of this cluster are files and not a log, so the offsets told for
 * {@code __cluster_metadata} are 0.
 */
public final class DescribeQuorumHandler implements ApiHandler<DescribeQuorumRequest> {
    private static final short FIRST_WITH_NODES = 2;
    private static final int LEADER_EPOCH = 1;
    private final Cluster cluster;

    public DescribeQuorumHandler(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public CompletableFuture<DescribeQuorumResponse> handle(DescribeQuorumRequest request, Caller caller) {
        caller.requireOnCluster(AclOperation.DESCRIBE);
        Node node = cluster.node(caller.listener());
        DescribeQuorumResponseData answer = new DescribeQuorumResponseData();
        for (DescribeQuorumRequestData.TopicData topic : request.data().topics()) {
            TopicData described = new TopicData().setTopicName(topic.topicName());
            topic.partitions()
                    .forEach(partition ->
                            described.partitions().add(describe(topic.topicName(), partition.partitionIndex(), node)));
            answer.topics().add(described);
        }
        if (caller.apiVersion() >= FIRST_WITH_NODES) {
            DescribeQuorumResponseData.Node told = new DescribeQuorumResponseData.Node().setNodeId(node.id());
            told.listeners()
                    .add(new Listener()
                            .setName(caller.listener().value())
                            .setHost(node.host())
                            .setPort(node.port()));
            answer.nodes().add(told);
        }
        return CompletableFuture.completedFuture(new DescribeQuorumResponse(answer));
    }

    private static PartitionData describe(String topic, int partition, Node node) {
        PartitionData described = new PartitionData().setPartitionIndex(partition);
        if (!topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME) || partition != 0) {
            return described.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        return described
                .setLeaderId(node.id())
                .setLeaderEpoch(LEADER_EPOCH)
                .setHighWatermark(0)
                .setCurrentVoters(
                        List.of(new ReplicaState().setReplicaId(node.id()).setLogEndOffset(0)));
    }
}
