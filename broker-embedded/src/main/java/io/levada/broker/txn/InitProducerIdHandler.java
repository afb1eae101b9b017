/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.resource.ResourceType;

/** InitProducerId: for an idempotent producer a fresh id each time; for a transactional id the id and the epoch that shut its earlier producers out. */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {
    private static final short FIRST_WITH_FENCED = 4;
    private final ProducerIds ids;
    private final TransactionCoordinator transactions;
    private final TransactionConfig config;
    private final Executor executor;

    /**
     * The handler.
     *
     * @param executor may block on disk
     */
    public InitProducerIdHandler(
            ProducerIds ids, TransactionCoordinator transactions, TransactionConfig config, Executor executor) {
        this.ids = ids;
        this.transactions = transactions;
        this.config = config;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<InitProducerIdResponse> handle(InitProducerIdRequest request, Caller caller) {
        InitProducerIdRequestData data = request.data();
        Optional<Producer> held = held(data);
        String transactionalId = data.transactionalId();
        if (transactionalId == null) {
            requireIdempotent(caller);
            return CompletableFuture.supplyAsync(() -> new Producer(ids.take(), (short) 0), executor)
                    .thenApply(InitProducerIdHandler::answer);
        }
        caller.requireOnTransactionalId(AclOperation.WRITE, transactionalId);
        if (transactionalId.isEmpty()) {
            throw new InvalidRequestException("the transactional id is empty");
        }
        checkTimeout(data.transactionTimeoutMs());
        return Fencing.toldSince(
                FIRST_WITH_FENCED,
                request.version(),
                transactions
                        .initialize(transactionalId, new Initialization(data.transactionTimeoutMs(), held))
                        .thenApply(InitProducerIdHandler::answer));
    }

    /** Who may write to some topic may write there idempotently. */
    private static void requireIdempotent(Caller caller) {
        if (!caller.mayOnAny(AclOperation.WRITE, ResourceType.TOPIC)) {
            caller.requireOnCluster(AclOperation.IDEMPOTENT_WRITE);
        }
    }

    private static Optional<Producer> held(InitProducerIdRequestData data) {
        boolean hasId = data.producerId() != RecordBatch.NO_PRODUCER_ID;
        boolean hasEpoch = data.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
        if (hasId != hasEpoch) {
            throw new InvalidRequestException(
                    "a producer id comes with its epoch, not " + data.producerId() + " with " + data.producerEpoch());
        }
        return hasId ? Optional.of(new Producer(data.producerId(), data.producerEpoch())) : Optional.empty();
    }

    private void checkTimeout(int timeoutMs) {
        if (timeoutMs <= 0 || timeoutMs > config.timeoutMax().toMillis()) {
            throw new InvalidTxnTimeoutException("transaction.timeout.ms=" + timeoutMs + " is not within 1 and "
                    + config.timeoutMax().toMillis() + ", the broker's transaction.max.timeout.ms");
        }
    }

    private static InitProducerIdResponse answer(Producer given) {
        return new InitProducerIdResponse(
                new InitProducerIdResponseData().setProducerId(given.id()).setProducerEpoch(given.epoch()));
    }
}
