/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.txn.TransactionCoordinator;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/**
 * FindCoordinator: this broker coordinates every group and every transactional id. The first such question makes {@code __consumer_offsets} or
 * {@code __transaction_state}.
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest> {
    private final Cluster cluster;
    private final GroupCoordinator groups;
    private final TransactionCoordinator transactions;

    public FindCoordinatorHandler(Cluster cluster, GroupCoordinator groups, TransactionCoordinator transactions) {
        this.cluster = cluster;
        this.groups = groups;
        this.transactions = transactions;
    }

    @Override
    public CompletableFuture<FindCoordinatorResponse> handle(FindCoordinatorRequest request, Caller caller) {
        return ready(request.data().keyType()).thenApply(topic -> answer(request, cluster.node(caller.listener())));
    }

    private CompletableFuture<?> ready(byte type) {
        if (type == CoordinatorType.GROUP.id()) {
            return groups.ready();
        }
        if (type == CoordinatorType.TRANSACTION.id()) {
            return transactions.ready();
        }
        throw new InvalidRequestException(
                "this broker coordinates groups (type 0) and transactions (1), not type " + type);
    }

    private static FindCoordinatorResponse answer(FindCoordinatorRequest request, Node node) {
        if (request.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
            return FindCoordinatorResponse.prepareOldResponse(Errors.NONE, node);
        }
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        for (String key : request.data().coordinatorKeys()) {
            answer.coordinators().add(FindCoordinatorResponse.prepareCoordinatorResponse(Errors.NONE, key, node));
        }
        return new FindCoordinatorResponse(answer);
    }
}
