/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.AuthorizedOperations;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
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
        return groups.call(parts -> {
            DescribeGroupsResponseData answer = new DescribeGroupsResponseData();
            for (String id : request.data().groups()) {
                if (!caller.mayOnGroup(AclOperation.DESCRIBE, id)) {
                    answer.groups().add(DescribeGroupsResponse.groupError(id, Errors.GROUP_AUTHORIZATION_FAILED));
                    continue;
                }
                DescribedGroup described = parts.admin().describe(id, request.version());
                answer.groups()
                        .add(
                                request.data().includeAuthorizedOperations()
                                        ? described.setAuthorizedOperations(AuthorizedOperations.GROUP.bits(caller, id))
                                        : described);
            }
            return new DescribeGroupsResponse(answer);
        });
    }
}
