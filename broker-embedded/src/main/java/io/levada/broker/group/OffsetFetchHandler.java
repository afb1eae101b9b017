/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/** OffsetFetch, of one group or, from version 8 on, several; a partition without an offset is answered with -1. */
public final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequest> {
    private final GroupCoordinator groups;
    private final Topics topics;

    public OffsetFetchHandler(GroupCoordinator groups, Topics topics) {
        this.groups = groups;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<OffsetFetchResponse> handle(OffsetFetchRequest request, Caller caller) {
        boolean byId = OffsetFetchRequest.useTopicIds(request.version());
        List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup asked : request.groups()) {
            if (!caller.mayOnGroup(AclOperation.DESCRIBE, asked.groupId())) {
                answers.add(CompletableFuture.completedFuture(
                        OffsetFetchResponse.groupError(asked, Errors.GROUP_AUTHORIZATION_FAILED, request.version())));
                continue;
            }
            answers.add(groups.read(
                            asked.groupId(),
                            shard -> answer(
                                    asked,
                                    byId,
                                    shard.offsets().committed(),
                                    request.data().requireStable(),
                                    caller))
                    .exceptionally(failure ->
                            OffsetFetchResponse.groupError(asked, ErrorCodes.of(failure), request.version())));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> new OffsetFetchResponse.Builder(
                                answers.stream().map(CompletableFuture::join).toList())
                        .build(request.version()));
    }

    private OffsetFetchResponseGroup answer(
            OffsetFetchRequestGroup asked,
            boolean byId,
            CommittedOffsets offsets,
            boolean requireStable,
            Caller caller) {
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(asked.groupId());
        if (asked.topics() == null) {
            return answer.setTopics(all(asked.groupId(), offsets, requireStable, caller));
        }
        for (OffsetFetchRequestTopics topic : asked.topics()) {
            Optional<Topic> known = byId ? topics.catalog().find(topic.topicId()) : Optional.empty();
            String name = known.map(Topic::name).orElse(topic.name());
            Errors error = error(name, byId && known.isEmpty(), caller);
            OffsetFetchResponseTopics answered =
                    new OffsetFetchResponseTopics().setName(name).setTopicId(topic.topicId());
            for (int partition : topic.partitionIndexes()) {
                answered.partitions()
                        .add(
                                error != Errors.NONE
                                        ? nothing(partition).setErrorCode(error.code())
                                        : partition(
                                                asked.groupId(),
                                                new TopicPartition(name, partition),
                                                offsets,
                                                requireStable));
            }
            answer.topics().add(answered);
        }
        return answer;
    }

    private List<OffsetFetchResponseTopics> all(
            String group, CommittedOffsets offsets, boolean requireStable, Caller caller) {
        Map<String, OffsetFetchResponseTopics> byName = new TreeMap<>();
        offsets.of(group).keySet().stream()
                .filter(partition -> caller.mayOnTopic(AclOperation.DESCRIBE, partition.topic()))
                .forEach(partition -> byName.computeIfAbsent(partition.topic(), this::topic)
                        .partitions()
                        .add(partition(group, partition, offsets, requireStable)));
        return List.copyOf(byName.values());
    }

    private static Errors error(String topic, boolean unknownId, Caller caller) {
        if (unknownId) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        return caller.mayOnTopic(AclOperation.DESCRIBE, topic) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private OffsetFetchResponseTopics topic(String name) {
        Uuid id = topics.catalog().find(name).map(Topic::id).orElse(Uuid.ZERO_UUID);
        return new OffsetFetchResponseTopics().setName(name).setTopicId(id);
    }

    /** Who wants stable offsets alone is told to come back while a transaction is about to set another one (KIP-447). */
    private static OffsetFetchResponsePartitions partition(
            String group, TopicPartition partition, CommittedOffsets offsets, boolean requireStable) {
        OffsetFetchResponsePartitions answer = nothing(partition.partition());
        if (requireStable && offsets.isPending(group, partition)) {
            return answer.setErrorCode(Errors.UNSTABLE_OFFSET_COMMIT.code());
        }
        offsets.find(group, partition)
                .ifPresent(offset -> answer.setCommittedOffset(offset.offset())
                        .setCommittedLeaderEpoch(offset.leaderEpoch())
                        .setMetadata(offset.metadata()));
        return answer;
    }

    private static OffsetFetchResponsePartitions nothing(int partition) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition)
                .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                .setMetadata(OffsetFetchResponse.NO_METADATA);
    }
}
