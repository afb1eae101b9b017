/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/** OffsetDelete (KIP-496): removes offsets of partitions that the group's members are not subscribed to. */
public final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequest> {
    private final GroupCoordinator groups;
    private final Topics topics;

    public OffsetDeleteHandler(GroupCoordinator groups, Topics topics) {
        this.groups = groups;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<OffsetDeleteResponse> handle(OffsetDeleteRequest request, Caller caller) {
        caller.requireOnGroup(AclOperation.DELETE, request.data().groupId());
        List<TopicPartition> known = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.data().topics()) {
            topic.partitions().stream()
                    .map(asked -> new TopicPartition(topic.name(), asked.partitionIndex()))
                    .filter(partition -> caller.mayOnTopic(AclOperation.READ, topic.name()))
                    .filter(partition -> topics.log(partition).isPresent())
                    .forEach(known::add);
        }
        return groups.run(parts -> parts.admin().deleteOffsets(request.data().groupId(), known))
                .thenApply(results -> answer(request, results, caller));
    }

    private static OffsetDeleteResponse answer(
            OffsetDeleteRequest request, Map<TopicPartition, Errors> results, Caller caller) {
        OffsetDeleteResponseData answer = new OffsetDeleteResponseData();
        for (OffsetDeleteRequestTopic topic : request.data().topics()) {
            OffsetDeleteResponseTopic answered = new OffsetDeleteResponseTopic().setName(topic.name());
            topic.partitions().forEach(asked -> {
                TopicPartition partition = new TopicPartition(topic.name(), asked.partitionIndex());
                Errors error = caller.mayOnTopic(AclOperation.READ, topic.name())
                        ? results.getOrDefault(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION)
                        : Errors.TOPIC_AUTHORIZATION_FAILED;
                answered.partitions()
                        .add(new OffsetDeleteResponsePartition()
                                .setPartitionIndex(asked.partitionIndex())
                                .setErrorCode(error.code()));
            });
            answer.topics().add(answered);
        }
        return new OffsetDeleteResponse(answer);
    }
}
