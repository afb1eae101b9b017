/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs, the older way: what the request does not name goes back to its default. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {
    private final SettingChanges changes;

    public AlterConfigsHandler(SettingChanges changes) {
        this.changes = changes;
    }

    @Override
    public CompletableFuture<AlterConfigsResponse> handle(AlterConfigsRequest request, Caller caller) {
        List<CompletableFuture<AlterConfigsResourceResponse>> results = request.data().resources().stream()
                .map(resource -> alter(resource, request.validateOnly(), caller))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    AlterConfigsResponseData answer = new AlterConfigsResponseData();
                    results.forEach(result -> answer.responses().add(result.join()));
                    return new AlterConfigsResponse(answer);
                });
    }

    private CompletableFuture<AlterConfigsResourceResponse> alter(
            AlterConfigsResource resource, boolean validateOnly, Caller caller) {
        return start(resource, validateOnly, caller).handle((done, failure) -> {
            ApiError error = failure == null ? new ApiError(Errors.NONE, null) : ErrorCodes.describe(failure);
            return new AlterConfigsResourceResponse()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName())
                    .setErrorCode(error.error().code())
                    .setErrorMessage(error.message());
        });
    }

    private CompletableFuture<?> start(AlterConfigsResource resource, boolean validateOnly, Caller caller) {
        Map<String, String> wanted = new HashMap<>();
        resource.configs().forEach(config -> {
            if (config.value() != null) {
                wanted.put(config.name(), config.value());
            }
        });
        return changes.apply(resource.resourceType(), resource.resourceName(), present -> wanted, validateOnly, caller);
    }
}
