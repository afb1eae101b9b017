/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.AuthorizedOperations;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.EndpointType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.MismatchedEndpointTypeException;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;

/** DescribeCluster: the one node, which is its own controller. */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest> {
    private final Cluster cluster;

    public DescribeClusterHandler(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public CompletableFuture<DescribeClusterResponse> handle(DescribeClusterRequest request, Caller caller) {
        if (request.data().endpointType() != EndpointType.BROKER.id()) {
            throw new MismatchedEndpointTypeException("this is a broker, controllers cannot be asked for here");
        }
        Node node = cluster.node(caller.listener());
        DescribeClusterResponseData answer = new DescribeClusterResponseData()
                .setEndpointType(EndpointType.BROKER.id())
                .setClusterId(cluster.id())
                .setControllerId(node.id());
        answer.brokers()
                .add(new DescribeClusterBroker()
                        .setBrokerId(node.id())
                        .setHost(node.host())
                        .setPort(node.port()));
        if (request.data().includeClusterAuthorizedOperations()) {
            answer.setClusterAuthorizedOperations(AuthorizedOperations.ofCluster(caller));
        }
        return CompletableFuture.completedFuture(new DescribeClusterResponse(answer));
    }
}
