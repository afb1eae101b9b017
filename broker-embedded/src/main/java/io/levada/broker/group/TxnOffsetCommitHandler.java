/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.TransactionAdmission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.topic.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/**
 * TxnOffsetCommit: offsets that count when the producer's transaction commits (KIP-98, 447). The transaction must have the group's partition of
 * {@code __consumer_offsets}, or, from version 5 on, gets it (KIP-890). From version 6 on topics are named by id.
 */
public final class TxnOffsetCommitHandler implements ApiHandler<TxnOffsetCommitRequest> {
    private static final int FIRST_WITH_ABORTABLE_ERROR = 4;
    private final GroupCoordinator groups;
    private final Topics topics;
    private final TransactionAdmission transactions;
    private final InstantSource clock;

    public TxnOffsetCommitHandler(
            GroupCoordinator groups, Topics topics, TransactionAdmission transactions, InstantSource clock) {
        this.groups = groups;
        this.topics = topics;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<TxnOffsetCommitResponse> handle(TxnOffsetCommitRequest request, Caller caller) {
        TxnOffsetCommitRequestData data = request.data();
        caller.requireOnTransactionalId(AclOperation.WRITE, data.transactionalId());
        caller.requireOnGroup(AclOperation.READ, data.groupId());
        CommitTargets targets =
                CommitTargets.of(topics, caller, TxnOffsetCommitResponse.useTopicIds(request.version()));
        long nowMs = clock.millis();
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        for (TxnOffsetCommitRequestTopic topic : data.topics()) {
            for (TxnOffsetCommitRequestPartition asked : topic.partitions()) {
                targets.find(topic.topicId(), topic.name(), asked.partitionIndex())
                        .ifPresent(partition -> offsets.put(partition, offset(asked, nowMs)));
            }
        }
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(answer(data, targets, Map.of()));
        }
        return commit(data, request.version(), () -> targets.stillThere(offsets))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(forClients(failure, request.version())))
                .thenApply(committed -> answer(data, targets, committed));
    }

    private static TxnOffsetCommitResponse answer(
            TxnOffsetCommitRequestData data, CommitTargets targets, Map<TopicPartition, Errors> committed) {
        TxnOffsetCommitResponseData answer = new TxnOffsetCommitResponseData();
        for (TxnOffsetCommitRequestTopic topic : data.topics()) {
            TxnOffsetCommitResponseTopic answered =
                    new TxnOffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
            for (TxnOffsetCommitRequestPartition asked : topic.partitions()) {
                Errors error = targets.answer(topic.topicId(), topic.name(), asked.partitionIndex(), committed);
                answered.partitions()
                        .add(new TxnOffsetCommitResponsePartition()
                                .setPartitionIndex(asked.partitionIndex())
                                .setErrorCode(error.code()));
            }
            answer.topics().add(answered);
        }
        return new TxnOffsetCommitResponse(answer);
    }

    private CompletableFuture<Map<TopicPartition, Errors>> commit(
            TxnOffsetCommitRequestData data, short version, Supplier<Map<TopicPartition, CommittedOffset>> offsets) {
        TopicPartition keeper = groups.partitionFor(data.groupId())
                .orElseThrow(() -> new CoordinatorNotAvailableException("the groups' topic is not there yet"));
        boolean addMissing = version > TxnOffsetCommitRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;
        return groups.admit(
                        data.groupId(),
                        data.producerId(),
                        data.producerEpoch(),
                        addMissing ? TransactionVersion.BUMPS_EPOCHS : TransactionVersion.BEFORE_2)
                .thenCompose(producer -> transactions
                        .admit(data.transactionalId(), producer.id(), producer.epoch(), Set.of(keeper), addMissing)
                        .thenCompose(admitted -> groups.write(
                                data.groupId(),
                                shard -> shard.offsets().commit(committer(data, version, producer), offsets.get()))));
    }

    private static Offsets.Committer committer(
            TxnOffsetCommitRequestData data, short version, Decision.Producer producer) {
        return new Offsets.Committer(
                data.groupId(),
                data.memberId(),
                data.groupInstanceId(),
                data.generationIdOrMemberEpoch(),
                producer,
                version);
    }

    private static CommittedOffset offset(TxnOffsetCommitRequestPartition asked, long nowMs) {
        String metadata = asked.committedMetadata() == null ? "" : asked.committedMetadata();
        return new CommittedOffset(asked.committedOffset(), asked.committedLeaderEpoch(), metadata, nowMs);
    }

    /** Clients before KIP-890 know one error for what only an abort can mend. */
    private static ApiException forClients(Throwable failure, short version) {
        ApiException known = Offsets.forClients(failure);
        return known instanceof TransactionAbortableException && version < FIRST_WITH_ABORTABLE_ERROR
                ? new InvalidTxnStateException(String.valueOf(known.getMessage()))
                : known;
    }
}
