/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/** OffsetCommit, by topic name or, from version 10 on, id; answered once the offsets are durable. */
public final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequest> {
    private final GroupCoordinator groups;
    private final Topics topics;
    private final InstantSource clock;

    public OffsetCommitHandler(GroupCoordinator groups, Topics topics, InstantSource clock) {
        this.groups = groups;
        this.topics = topics;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<OffsetCommitResponse> handle(OffsetCommitRequest request, Caller caller) {
        caller.requireOnGroup(AclOperation.READ, request.data().groupId());
        OffsetCommitRequestData data = request.data();
        boolean byId = OffsetCommitResponse.useTopicIds(request.version());
        long nowMs = clock.millis();
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        for (OffsetCommitRequestTopic topic : data.topics()) {
            find(topic, byId)
                    .filter(known -> caller.mayOnTopic(AclOperation.READ, known.name()))
                    .ifPresent(known -> topic.partitions().stream()
                            .filter(partition -> known.hasPartition(partition.partitionIndex()))
                            .forEach(partition -> offsets.put(
                                    new TopicPartition(known.name(), partition.partitionIndex()),
                                    offset(partition, nowMs))));
        }
        Offsets.Committer committer = new Offsets.Committer(
                data.groupId(),
                data.memberId(),
                data.groupInstanceId(),
                data.generationIdOrMemberEpoch(),
                request.version());
        return groups.run(parts -> parts.offsets().commit(committer, offsets))
                .thenApply(results -> answer(data, byId, results, caller));
    }

    private Optional<Topic> find(OffsetCommitRequestTopic topic, boolean byId) {
        return byId ? topics.catalog().find(topic.topicId()) : topics.catalog().find(topic.name());
    }

    private static CommittedOffset offset(OffsetCommitRequestPartition partition, long nowMs) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        return new CommittedOffset(partition.committedOffset(), partition.committedLeaderEpoch(), metadata, nowMs);
    }

    private OffsetCommitResponse answer(
            OffsetCommitRequestData data, boolean byId, Map<TopicPartition, Errors> results, Caller caller) {
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic topic : data.topics()) {
            OffsetCommitResponseTopic answered =
                    new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
            Optional<Topic> known = find(topic, byId);
            boolean unknownId = byId && known.isEmpty();
            boolean permitted = unknownId
                    || caller.mayOnTopic(
                            AclOperation.READ, known.map(Topic::name).orElse(topic.name()));
            Errors otherwise = unknownId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            for (OffsetCommitRequestPartition asked : topic.partitions()) {
                Errors error = !permitted
                        ? Errors.TOPIC_AUTHORIZATION_FAILED
                        : known.map(found -> new TopicPartition(found.name(), asked.partitionIndex()))
                                .map(results::get)
                                .orElse(otherwise);
                answered.partitions()
                        .add(new OffsetCommitResponsePartition()
                                .setPartitionIndex(asked.partitionIndex())
                                .setErrorCode(error.code()));
            }
            answer.topics().add(answered);
        }
        return new OffsetCommitResponse(answer);
    }
}
