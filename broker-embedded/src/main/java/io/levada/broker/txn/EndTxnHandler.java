/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;

/** EndTxn: commits or aborts, answered once the decision is on disk. From version 5 on the answer carries the epoch that the producer goes on with. */
public final class EndTxnHandler implements ApiHandler<EndTxnRequest> {
    private static final short FIRST_WITH_FENCED = 2;
    private static final short FIRST_WITH_BUMP = 5;
    private final TransactionCoordinator transactions;

    public EndTxnHandler(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public CompletableFuture<EndTxnResponse> handle(EndTxnRequest request, Caller caller) {
        EndTxnRequestData data = request.data();
        caller.requireOnTransactionalId(AclOperation.WRITE, data.transactionalId());
        if (data.transactionalId().isEmpty()) {
            throw new InvalidRequestException("the transactional id is empty");
        }
        Ending ending = new Ending(
                new Producer(data.producerId(), data.producerEpoch()),
                request.result(),
                request.version() >= FIRST_WITH_BUMP ? Transaction.VERSION_2 : Transaction.VERSION_0);
        return Fencing.toldSince(
                FIRST_WITH_FENCED,
                request.version(),
                transactions
                        .end(data.transactionalId(), ending)
                        .thenApply(producer -> new EndTxnResponse(new EndTxnResponseData()
                                .setProducerId(producer.id())
                                .setProducerEpoch(producer.epoch()))));
    }
}
