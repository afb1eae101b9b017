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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/**
 * TxnOffsetCommit: offsets that count when the producer's transaction commits (KIP-98, 447). The transaction must have the group's partition of
 * {@code __consumer_offsets}, or, from version 5 on, gets it (KIP-890).
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
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        Map<TopicPartition, Errors> answers = new HashMap<>();
        long nowMs = clock.millis();
        for (TxnOffsetCommitRequestTopic topic : data.topics()) {
            for (TxnOffsetCommitRequestPartition asked : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.name(), asked.partitionIndex());
                if (!caller.mayOnTopic(AclOperation.READ, topic.name())) {
                    answers.put(partition, Errors.TOPIC_AUTHORIZATION_FAILED);
                } else if (topics.log(partition).isPresent()) {
                    offsets.put(partition, offset(asked, nowMs));
                } else {
                    answers.put(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
        }
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(new TxnOffsetCommitResponse(0, answers));
        }
        return commit(data, request.version(), offsets)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(forClients(failure, request.version())))
                .thenApply(committed -> {
                    answers.putAll(committed);
                    return new TxnOffsetCommitResponse(0, answers);
                });
    }

    private CompletableFuture<Map<TopicPartition, Errors>> commit(
            TxnOffsetCommitRequestData data, short version, Map<TopicPartition, CommittedOffset> offsets) {
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
                                shard -> shard.offsets().commit(committer(data, version, producer), offsets))));
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
