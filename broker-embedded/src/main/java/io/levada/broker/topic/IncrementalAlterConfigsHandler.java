/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/** IncrementalAlterConfigs (KIP-339) of topics, the broker and groups. */
public final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequest> {
    private final SettingChanges changes;

    public IncrementalAlterConfigsHandler(SettingChanges changes) {
        this.changes = changes;
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponse> handle(
            IncrementalAlterConfigsRequest request, Caller caller) {
        boolean validateOnly = request.data().validateOnly();
        List<CompletableFuture<AlterConfigsResourceResponse>> results = request.data().resources().stream()
                .map(resource -> alter(resource, validateOnly, caller))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    IncrementalAlterConfigsResponseData answer = new IncrementalAlterConfigsResponseData();
                    results.forEach(result -> answer.responses().add(result.join()));
                    return new IncrementalAlterConfigsResponse(answer);
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
        List<ConfigEdits.Edit> steps = resource.configs().stream()
                .map(config -> new ConfigEdits.Edit(config.name(), config.configOperation(), config.value()))
                .toList();
        ConfigEdits edits = changes.edits(resource.resourceType());
        return changes.apply(
                resource.resourceType(),
                resource.resourceName(),
                present -> edits.apply(present, steps),
                validateOnly,
                caller);
    }
}
