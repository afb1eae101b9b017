/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.cluster.Cluster;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/** FindCoordinator: this broker coordinates every group. The first such question makes {@code __consumer_offsets}. */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest> {
    private final Cluster cluster;
    private final GroupCoordinator groups;

    public FindCoordinatorHandler(Cluster cluster, GroupCoordinator groups) {
        this.cluster = cluster;
        this.groups = groups;
    }

    @Override
    public CompletableFuture<FindCoordinatorResponse> handle(FindCoordinatorRequest request, Caller caller) {
        if (request.data().keyType() != CoordinatorType.GROUP.id()) {
            throw new InvalidRequestException("this broker coordinates consumer groups only, not coordinators of type "
                    + request.data().keyType());
        }
        return groups.ready().thenApply(topic -> answer(request, cluster.node(caller.listener()), caller));
    }

    private static FindCoordinatorResponse answer(FindCoordinatorRequest request, Node node, Caller caller) {
        if (request.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
            Errors error = error(request, request.data().key(), caller);
            return FindCoordinatorResponse.prepareOldResponse(error, error == Errors.NONE ? node : Node.noNode());
        }
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        for (String key : request.data().coordinatorKeys()) {
            Errors error = error(request, key, caller);
            answer.coordinators()
                    .add(FindCoordinatorResponse.prepareCoordinatorResponse(
                            error, key, error == Errors.NONE ? node : Node.noNode()));
        }
        return new FindCoordinatorResponse(answer);
    }

    private static Errors error(FindCoordinatorRequest request, String key, Caller caller) {
        if (request.data().keyType() == CoordinatorType.GROUP.id()) {
            return caller.mayOnGroup(AclOperation.DESCRIBE, key) ? Errors.NONE : Errors.GROUP_AUTHORIZATION_FAILED;
        }
        return caller.mayOnTransactionalId(AclOperation.DESCRIBE, key)
                ? Errors.NONE
                : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
}
