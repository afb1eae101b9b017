/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;

/** DeleteGroups: removes groups without members, with their offsets. */
public final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequest> {
    private final GroupCoordinator groups;

    public DeleteGroupsHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<DeleteGroupsResponse> handle(DeleteGroupsRequest request, Caller caller) {
        List<CompletableFuture<DeletableGroupResult>> results = request.data().groupsNames().stream()
                .distinct()
                .map(group -> delete(group, caller))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    DeleteGroupsResponseData answer = new DeleteGroupsResponseData();
                    results.forEach(result -> answer.results().add(result.join()));
                    return new DeleteGroupsResponse(answer);
                });
    }

    private CompletableFuture<DeletableGroupResult> delete(String group, Caller caller) {
        if (!caller.mayOnGroup(AclOperation.DELETE, group)) {
            return CompletableFuture.completedFuture(new DeletableGroupResult()
                    .setGroupId(group)
                    .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()));
        }
        return groups.run(parts -> parts.admin().delete(group))
                .handle((done, failure) -> new DeletableGroupResult()
                        .setGroupId(group)
                        .setErrorCode((failure == null ? Errors.NONE : ErrorCodes.of(failure)).code()));
    }
}
