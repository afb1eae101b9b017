/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs of topics, the older way: what the request does not name goes back to its default. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {
    private final Topics topics;

    public AlterConfigsHandler(Topics topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<AlterConfigsResponse> handle(AlterConfigsRequest request, Caller caller) {
        List<CompletableFuture<AlterConfigsResourceResponse>> results = request.data().resources().stream()
                .map(resource -> alter(resource, request.validateOnly()))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    AlterConfigsResponseData answer = new AlterConfigsResponseData();
                    results.forEach(result -> answer.responses().add(result.join()));
                    return new AlterConfigsResponse(answer);
                });
    }

    private CompletableFuture<AlterConfigsResourceResponse> alter(AlterConfigsResource resource, boolean validateOnly) {
        return start(resource, validateOnly).handle((topic, failure) -> {
            ApiError error = failure == null ? new ApiError(Errors.NONE, null) : ErrorCodes.describe(failure);
            return new AlterConfigsResourceResponse()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName())
                    .setErrorCode(error.error().code())
                    .setErrorMessage(error.message());
        });
    }

    private CompletableFuture<Topic> start(AlterConfigsResource resource, boolean validateOnly) {
        if (resource.resourceType() != ConfigResource.Type.TOPIC.id()) {
            return CompletableFuture.failedFuture(new InvalidRequestException(
                    "only settings of topics can be changed here; those of the broker stand in its properties"));
        }
        Map<String, String> wanted = new HashMap<>();
        resource.configs().forEach(config -> {
            if (config.value() != null) {
                wanted.put(config.name(), config.value());
            }
        });
        return topics.configure(resource.resourceName(), present -> wanted, validateOnly);
    }
}
