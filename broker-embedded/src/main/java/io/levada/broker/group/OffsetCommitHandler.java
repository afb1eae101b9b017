/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
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
        CommitTargets targets = CommitTargets.of(topics, caller, OffsetCommitResponse.useTopicIds(request.version()));
        long nowMs = clock.millis();
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        for (OffsetCommitRequestTopic topic : data.topics()) {
            for (OffsetCommitRequestPartition asked : topic.partitions()) {
                targets.find(topic.topicId(), topic.name(), asked.partitionIndex())
                        .ifPresent(partition -> offsets.put(partition, offset(asked, nowMs, data.retentionTimeMs())));
            }
        }
        Offsets.Committer committer = new Offsets.Committer(
                data.groupId(),
                data.memberId(),
                data.groupInstanceId(),
                data.generationIdOrMemberEpoch(),
                null,
                request.version());
        return groups.write(data.groupId(), shard -> shard.offsets().commit(committer, targets.stillThere(offsets)))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Offsets.forClients(failure)))
                .thenApply(committed -> answer(data, targets, committed));
    }

    private static CommittedOffset offset(OffsetCommitRequestPartition partition, long nowMs, long retentionMs) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        return new CommittedOffset(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata,
                nowMs,
                retentionMs < 0 ? CommittedOffset.NO_EXPIRY : nowMs + retentionMs);
    }

    private static OffsetCommitResponse answer(
            OffsetCommitRequestData data, CommitTargets targets, Map<TopicPartition, Errors> committed) {
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic topic : data.topics()) {
            OffsetCommitResponseTopic answered =
                    new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
            for (OffsetCommitRequestPartition asked : topic.partitions()) {
                Errors error = targets.answer(topic.topicId(), topic.name(), asked.partitionIndex(), committed);
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
