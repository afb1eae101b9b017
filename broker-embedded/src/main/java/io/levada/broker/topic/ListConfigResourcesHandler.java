/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;

/**
 * ListConfigResources (KIP-1142): what has settings. Topics and the broker always have, groups if some were set. Version 0 asks for subscriptions to client
 * metrics, of which there are none.
 */
public final class ListConfigResourcesHandler implements ApiHandler<ListConfigResourcesRequest> {
    private static final List<Byte> EVERY_TYPE = List.of(
            ConfigResource.Type.TOPIC.id(),
            ConfigResource.Type.BROKER.id(),
            ConfigResource.Type.BROKER_LOGGER.id(),
            ConfigResource.Type.CLIENT_METRICS.id(),
            ConfigResource.Type.GROUP.id());

    private final Topics topics;
    private final DynamicSettings dynamic;
    private final String node;

    /**
     * The handler.
     *
     * @param brokerId the id of this broker
     */
    public ListConfigResourcesHandler(Topics topics, DynamicSettings dynamic, int brokerId) {
        this.topics = topics;
        this.dynamic = dynamic;
        this.node = Integer.toString(brokerId);
    }

    @Override
    public CompletableFuture<ListConfigResourcesResponse> handle(ListConfigResourcesRequest request, Caller caller) {
        caller.requireOnCluster(AclOperation.DESCRIBE_CONFIGS);
        ListConfigResourcesResponseData answer = new ListConfigResourcesResponseData();
        for (byte type : wanted(request, caller)) {
            for (String name : names(ConfigResource.Type.forId(type))) {
                answer.configResources()
                        .add(new ListConfigResourcesResponseData.ConfigResource()
                                .setResourceName(name)
                                .setResourceType(type));
            }
        }
        return CompletableFuture.completedFuture(new ListConfigResourcesResponse(answer));
    }

    private static List<Byte> wanted(ListConfigResourcesRequest request, Caller caller) {
        if (caller.apiVersion() == 0) {
            return List.of(ConfigResource.Type.CLIENT_METRICS.id());
        }
        List<Byte> asked = request.data().resourceTypes();
        return asked.isEmpty() ? EVERY_TYPE : asked;
    }

    private Collection<String> names(ConfigResource.Type type) {
        return switch (type) {
            case TOPIC -> topics.catalog().all().stream().map(Topic::name).toList();
            case BROKER, BROKER_LOGGER -> List.of(node);
            case GROUP -> dynamic.names(type);
            case CLIENT_METRICS -> List.of();
            case UNKNOWN -> throw new UnsupportedVersionException("there is no such type of resource");
        };
    }
}
