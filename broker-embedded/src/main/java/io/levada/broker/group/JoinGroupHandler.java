/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.RequestContext;

/** JoinGroup, answered once every member has joined. */
public final class JoinGroupHandler implements ApiHandler<JoinGroupRequest> {
    private final GroupCoordinator groups;

    public JoinGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<JoinGroupResponse> handle(JoinGroupRequest request, RequestContext context) {
        Join.Wish wish = Join.Wish.of(
                request.data(),
                request.version(),
                context.clientId(),
                context.clientAddress().toString());
        return groups.run(parts -> parts.join().join(wish))
                .thenApply(answer -> new JoinGroupResponse(answer, request.version()));
    }
}
