/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataResponse;
import org.jspecify.annotations.Nullable;

/** A topic in a Metadata answer. Every partition is led by, and in sync on, the one node. */
final class TopicMetadata {
    private static final List<Integer> THE_NODE = List.of(Cluster.NODE_ID);

    private TopicMetadata() {}

    static MetadataResponseTopic of(Topic topic, Topics topics) {
        List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions());
        for (int partition = 0; partition < topic.partitions(); partition++) {
            boolean offline =
                    topics.offline(new TopicPartition(topic.name(), partition)).isPresent();
            partitions.add(new MetadataResponsePartition()
                    .setPartitionIndex(partition)
                    .setErrorCode((offline ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE).code())
                    .setLeaderId(offline ? MetadataResponse.NO_LEADER_ID : Cluster.NODE_ID)
                    .setLeaderEpoch(topics.leaderEpoch(topic, partition))
                    .setReplicaNodes(THE_NODE)
                    .setIsrNodes(THE_NODE)
                    .setOfflineReplicas(offline ? THE_NODE : List.of()));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(topic.isInternal())
                .setPartitions(partitions);
    }

    static MetadataResponseTopic error(@Nullable String name, Uuid id, Errors error) {
        return new MetadataResponseTopic().setName(name).setTopicId(id).setErrorCode(error.code());
    }
}
