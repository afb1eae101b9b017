/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.cluster.Cluster;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
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
        return groups.ready().thenApply(topic -> answer(request, cluster.node(caller.listener())));
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
