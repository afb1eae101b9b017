/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;

/** AddOffsetsToTxn: the partition of {@code __consumer_offsets} that keeps a group's offsets becomes part of the transaction. */
public final class AddOffsetsToTxnHandler implements ApiHandler<AddOffsetsToTxnRequest> {
    private static final short FIRST_WITH_FENCED = 2;
    private final TransactionCoordinator transactions;
    private final OffsetsLog offsets;

    public AddOffsetsToTxnHandler(TransactionCoordinator transactions, OffsetsLog offsets) {
        this.transactions = transactions;
        this.offsets = offsets;
    }

    @Override
    public CompletableFuture<AddOffsetsToTxnResponse> handle(AddOffsetsToTxnRequest request, Caller caller) {
        AddOffsetsToTxnRequestData data = request.data();
        caller.requireOnTransactionalId(AclOperation.WRITE, data.transactionalId());
        caller.requireOnGroup(AclOperation.READ, data.groupId());
        if (data.transactionalId().isEmpty()) {
            throw new InvalidRequestException("the transactional id is empty");
        }
        Producer producer = new Producer(data.producerId(), data.producerEpoch());
        return Fencing.toldSince(
                FIRST_WITH_FENCED,
                request.version(),
                offsets.partitionOf(data.groupId())
                        .thenCompose(partition -> transactions.add(
                                data.transactionalId(),
                                new Addition(producer, Set.of(partition), Transaction.VERSION_0)))
                        .thenApply(added -> new AddOffsetsToTxnResponse(new AddOffsetsToTxnResponseData())));
    }
}
