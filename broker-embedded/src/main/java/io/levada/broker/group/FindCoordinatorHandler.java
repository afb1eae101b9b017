/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.txn.TransactionCoordinator;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/**
 * FindCoordinator: this broker coordinates every group and every transactional id. The first such question makes {@code __consumer_offsets} or
 * {@code __transaction_state}. Where that cannot be made there is no coordinator yet, and whose partition of it is out of service has none until it is back:
 * clients ask again.
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
        return ready(request.data().keyType())
                .thenApply(made -> new ApiError(Errors.NONE))
                .exceptionallyCompose(FindCoordinatorHandler::told)
                .thenApply(made -> answer(request, cluster.node(caller.listener()), caller, made));
    }

    /** Why there is no coordinator; what nobody expects fails the request, and is told in the log as any other. */
    private static CompletableFuture<ApiError> told(Throwable failure) {
        ApiError why = ErrorCodes.describe(failure);
        return why.is(Errors.UNKNOWN_SERVER_ERROR)
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture(why);
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

    /**
     * Whom to ask about each key.
     *
     * @param made whether the topic that keeps them is there, and if not, why
     */
    private FindCoordinatorResponse answer(FindCoordinatorRequest request, Node node, Caller caller, ApiError made) {
        if (request.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
            ApiError error = error(request, request.data().key(), caller, made);
            FindCoordinatorResponse answer =
                    FindCoordinatorResponse.prepareOldResponse(error.error(), error.isSuccess() ? node : Node.noNode());
            answer.data().setErrorMessage(error.messageWithFallback());
            return answer;
        }
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        for (String key : request.data().coordinatorKeys()) {
            ApiError error = error(request, key, caller, made);
            answer.coordinators()
                    .add(FindCoordinatorResponse.prepareCoordinatorResponse(
                                    error.error(), key, error.isSuccess() ? node : Node.noNode())
                            .setErrorMessage(error.messageWithFallback()));
        }
        return new FindCoordinatorResponse(answer);
    }

    private ApiError error(FindCoordinatorRequest request, String key, Caller caller, ApiError made) {
        boolean isGroup = request.data().keyType() == CoordinatorType.GROUP.id();
        if (isGroup && !caller.mayOnGroup(AclOperation.DESCRIBE, key)) {
            return new ApiError(Errors.GROUP_AUTHORIZATION_FAILED);
        }
        if (!isGroup && !caller.mayOnTransactionalId(AclOperation.DESCRIBE, key)) {
            return new ApiError(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        if (made.isFailure()) {
            return made;
        }
        return new ApiError(
                (isGroup ? groups.serves(key) : transactions.serves(key))
                        ? Errors.NONE
                        : Errors.COORDINATOR_NOT_AVAILABLE);
    }
}
