/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;

/** JoinGroup, answered once every member has joined. */
public final class JoinGroupHandler implements ApiHandler<JoinGroupRequest> {
    private final GroupCoordinator groups;

    public JoinGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<JoinGroupResponse> handle(JoinGroupRequest request, Caller caller) {
        caller.requireOnGroup(AclOperation.READ, request.data().groupId());
        Join.Wish wish = Join.Wish.of(
                request.data(),
                request.version(),
                caller.clientId(),
                caller.clientAddress().toString());
        return groups.run(parts -> parts.join().join(wish))
                .thenApply(answer -> new JoinGroupResponse(answer, request.version()));
    }
}
