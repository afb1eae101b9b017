/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.AuthorizedOperations;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;

/** DescribeGroups: state, protocol and members. */
public final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequest> {
    private final GroupCoordinator groups;

    public DescribeGroupsHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public CompletableFuture<DescribeGroupsResponse> handle(DescribeGroupsRequest request, Caller caller) {
        List<CompletableFuture<DescribedGroup>> all = request.data().groups().stream()
                .map(id -> describe(id, request, caller))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> new DescribeGroupsResponse(new DescribeGroupsResponseData()
                        .setGroups(all.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<DescribedGroup> describe(String id, DescribeGroupsRequest request, Caller caller) {
        return groups.read(id, shard -> shard.admin().describe(id, request.version()))
                .thenApply(described -> request.data().includeAuthorizedOperations()
                        ? described.setAuthorizedOperations(AuthorizedOperations.GROUP.bits(caller, id))
                        : described)
                .exceptionally(failure -> new DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(ErrorCodes.of(failure).code()));
    }
}
