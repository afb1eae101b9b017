/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;

/** DescribeTransactions (KIP-664). */
public final class DescribeTransactionsHandler implements ApiHandler<DescribeTransactionsRequest> {
    private final TransactionCoordinator transactions;

    public DescribeTransactionsHandler(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public CompletableFuture<DescribeTransactionsResponse> handle(DescribeTransactionsRequest request, Caller caller) {
        List<CompletableFuture<TransactionState>> states = new ArrayList<>();
        request.data().transactionalIds().forEach(id -> states.add(describe(id, caller)));
        return CompletableFuture.allOf(states.toArray(CompletableFuture[]::new))
                .thenApply(all -> new DescribeTransactionsResponse(new DescribeTransactionsResponseData()
                        .setTransactionStates(
                                states.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<TransactionState> describe(String id, Caller caller) {
        if (!caller.mayOnTransactionalId(AclOperation.DESCRIBE, id)) {
            return CompletableFuture.completedFuture(failed(id, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        if (id.isEmpty()) {
            return CompletableFuture.completedFuture(failed(id, Errors.INVALID_REQUEST));
        }
        return transactions
                .find(id)
                .thenApply(found -> found.map(transaction -> describe(id, transaction, caller))
                        .orElseGet(() -> failed(id, Errors.TRANSACTIONAL_ID_NOT_FOUND)))
                .exceptionally(failure -> failed(id, ErrorCodes.of(failure)));
    }

    private static TransactionState describe(String id, Transaction transaction, Caller caller) {
        TransactionState state = new TransactionState()
                .setTransactionalId(id)
                .setTransactionState(transaction.state().label())
                .setProducerId(transaction.producer().id())
                .setProducerEpoch(transaction.producer().epoch())
                .setTransactionTimeoutMs(transaction.timeoutMs())
                .setTransactionStartTimeMs(transaction.startMs());
        transaction.partitions().forEach(partition -> {
            if (!caller.mayOnTopic(AclOperation.DESCRIBE, partition.topic())) {
                return;
            }
            TopicData topic = state.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                state.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        });
        return state;
    }

    private static TransactionState failed(String id, Errors error) {
        return new TransactionState().setTransactionalId(id).setErrorCode(error.code());
    }
}
