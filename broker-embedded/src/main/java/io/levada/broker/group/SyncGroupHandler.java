/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;

/** SyncGroup, answered once the leader has handed in the assignment and it is durable. */
public final class SyncGroupHandler implements ApiHandler<SyncGroupRequest> {
    private final GroupCoordinator groups;

    public SyncGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<SyncGroupResponse> handle(SyncGroupRequest request, Caller caller) {
        caller.requireOnGroup(AclOperation.READ, request.data().groupId());
        return groups.run(parts -> parts.sync().sync(request.data())).thenApply(SyncGroupResponse::new);
    }
}
