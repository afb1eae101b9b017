/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;

/** ElectLeaders: every partition is led by the one node already, so that no election is needed. */
public final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequest> {
    private final Topics topics;

    public ElectLeadersHandler(Topics topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<ElectLeadersResponse> handle(ElectLeadersRequest request, Caller caller) {
        caller.requireOnCluster(AclOperation.ALTER);
        List<ReplicaElectionResult> results = new ArrayList<>();
        // Null means every partition, and tells of those where something was done: none.
        if (request.data().topicPartitions() != null) {
            request.data().topicPartitions().forEach(asked -> results.add(answer(asked)));
        }
        return CompletableFuture.completedFuture(
                new ElectLeadersResponse(0, Errors.NONE.code(), results, request.version()));
    }

    private ReplicaElectionResult answer(TopicPartitions asked) {
        ReplicaElectionResult result = new ReplicaElectionResult().setTopic(asked.topic());
        for (int partition : asked.partitions()) {
            boolean known =
                    topics.log(new TopicPartition(asked.topic(), partition)).isPresent();
            Errors error = known ? Errors.ELECTION_NOT_NEEDED : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            result.partitionResult()
                    .add(new PartitionResult()
                            .setPartitionId(partition)
                            .setErrorCode(error.code())
                            .setErrorMessage(error.message()));
        }
        return result;
    }
}
