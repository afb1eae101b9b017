/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;

/** ListGroups, filtered by state (KIP-518) and type (KIP-848). */
public final class ListGroupsHandler implements ApiHandler<ListGroupsRequest> {
    private final GroupCoordinator groups;

    public ListGroupsHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<ListGroupsResponse> handle(ListGroupsRequest request, Caller caller) {
        return groups.call(parts -> parts.admin()
                        .list(request.data().statesFilter(), request.data().typesFilter()))
                .thenApply(listed -> new ListGroupsResponse(new ListGroupsResponseData()
                        .setGroups(listed.stream()
                                .filter(group -> caller.mayOnCluster(AclOperation.DESCRIBE)
                                        || caller.mayOnGroup(AclOperation.DESCRIBE, group.groupId()))
                                .toList())));
    }
}
