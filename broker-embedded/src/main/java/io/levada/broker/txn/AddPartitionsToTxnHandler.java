/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * AddPartitionsToTxn: up to version 3 from a producer, for one transaction; from version 4 on as brokers ask each other, for many, where it may only verify
 * (KIP-890). One partition that cannot be added keeps all of its transaction from being added.
 */
public final class AddPartitionsToTxnHandler implements ApiHandler<AddPartitionsToTxnRequest> {
    private static final short FIRST_WITH_FENCED = 2;
    private static final short FIRST_BATCHED = 4;
    private final TransactionCoordinator transactions;
    private final Topics topics;

    public AddPartitionsToTxnHandler(TransactionCoordinator transactions, Topics topics) {
        this.transactions = transactions;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<AddPartitionsToTxnResponse> handle(AddPartitionsToTxnRequest request, Caller caller) {
        boolean batched = request.version() >= FIRST_BATCHED;
        if (batched) {
            caller.requireOnCluster(AclOperation.CLUSTER_ACTION);
        }
        AddPartitionsToTxnRequest asked = batched ? request : request.normalizeRequest();
        Map<String, List<TopicPartition>> partitions = asked.partitionsByTransaction();
        List<CompletableFuture<AddPartitionsToTxnResult>> results = new ArrayList<>();
        for (AddPartitionsToTxnTransaction transaction : asked.data().transactions()) {
            Set<TopicPartition> wanted = Set.copyOf(partitions.getOrDefault(transaction.transactionalId(), List.of()));
            results.add(answer(caller, transaction, wanted)
                    .thenApply(errors -> AddPartitionsToTxnResponse.resultForTransaction(
                            batched ? transaction.transactionalId() : AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID,
                            errors)));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> new AddPartitionsToTxnResponse(batched ? batched(results) : single(results)));
    }

    private static AddPartitionsToTxnResponseData batched(List<CompletableFuture<AddPartitionsToTxnResult>> results) {
        AddPartitionsToTxnResponseData data = new AddPartitionsToTxnResponseData();
        results.forEach(result -> data.resultsByTransaction().add(result.join()));
        return data;
    }

    private static AddPartitionsToTxnResponseData single(List<CompletableFuture<AddPartitionsToTxnResult>> results) {
        AddPartitionsToTxnResponseData data = new AddPartitionsToTxnResponseData();
        results.forEach(result -> data.setResultsByTopicV3AndBelow(result.join().topicResults()));
        return data;
    }

    private CompletableFuture<Map<TopicPartition, Errors>> answer(
            Caller caller, AddPartitionsToTxnTransaction transaction, Set<TopicPartition> wanted) {
        short version = caller.apiVersion();
        if (version < FIRST_BATCHED
                && !caller.mayOnTransactionalId(AclOperation.WRITE, transaction.transactionalId())) {
            return CompletableFuture.completedFuture(each(wanted, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        if (transaction.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(each(wanted, Errors.INVALID_REQUEST));
        }
        Map<TopicPartition, Errors> refused = refused(caller, wanted);
        if (!refused.isEmpty()) {
            wanted.forEach(partition -> refused.putIfAbsent(partition, Errors.OPERATION_NOT_ATTEMPTED));
            return CompletableFuture.completedFuture(refused);
        }
        Producer producer = new Producer(transaction.producerId(), transaction.producerEpoch());
        CompletableFuture<Map<TopicPartition, Errors>> answer = transaction.verifyOnly()
                ? transactions.verify(
                        transaction.transactionalId(), new Addition(producer, wanted, Transaction.VERSION_0))
                : transactions
                        .add(transaction.transactionalId(), new Addition(producer, wanted, clientVersion(version)))
                        .thenApply(added -> each(wanted, Errors.NONE));
        return answer.exceptionally(
                failure -> each(wanted, Fencing.toldSince(FIRST_WITH_FENCED, version, ErrorCodes.of(failure))));
    }

    private static short clientVersion(short version) {
        return version >= FIRST_BATCHED ? Transaction.VERSION_2 : Transaction.VERSION_0;
    }

    private Map<TopicPartition, Errors> refused(Caller caller, Set<TopicPartition> wanted) {
        Map<TopicPartition, Errors> refused = new HashMap<>();
        for (TopicPartition partition : wanted) {
            if (caller.apiVersion() < FIRST_BATCHED && !mayWrite(caller, partition.topic())) {
                refused.put(partition, Errors.TOPIC_AUTHORIZATION_FAILED);
            } else if (topics.catalog()
                    .find(partition.topic())
                    .filter(topic -> topic.hasPartition(partition.partition()))
                    .isEmpty()) {
                refused.put(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        return refused;
    }

    private static boolean mayWrite(Caller caller, String topic) {
        return !Topic.isInternal(topic) && caller.mayOnTopic(AclOperation.WRITE, topic);
    }

    private static Map<TopicPartition, Errors> each(Set<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> answers = new HashMap<>();
        partitions.forEach(partition -> answers.put(partition, error));
        return answers;
    }
}
