/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** LeaveGroup, of one member or, from version 3 on, several. */
public final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequest> {
    private final GroupCoordinator groups;

    public LeaveGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<LeaveGroupResponse> handle(LeaveGroupRequest request, Caller caller) {
        caller.requireOnGroup(AclOperation.READ, request.data().groupId());
        return groups.call(parts -> parts.leave().leave(request.data().groupId(), request.members()))
                .thenApply(left -> new LeaveGroupResponse(left, Errors.NONE, 0, request.version()));
    }
}
