/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.LogConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/** IncrementalAlterConfigs of topics; the broker's own settings are changed where they are kept, in its properties. */
public final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequest> {
    private final Topics topics;
    private final ConfigEdits edits;

    public IncrementalAlterConfigsHandler(Topics topics) {
        this.topics = topics;
        this.edits = new ConfigEdits(topics.defaults(), LogConfig.definition());
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponse> handle(
            IncrementalAlterConfigsRequest request, Caller caller) {
        boolean validateOnly = request.data().validateOnly();
        List<CompletableFuture<AlterConfigsResourceResponse>> results = request.data().resources().stream()
                .map(resource -> alter(resource, validateOnly))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    IncrementalAlterConfigsResponseData answer = new IncrementalAlterConfigsResponseData();
                    results.forEach(result -> answer.responses().add(result.join()));
                    return new IncrementalAlterConfigsResponse(answer);
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
        List<ConfigEdits.Edit> steps = resource.configs().stream()
                .map(config -> new ConfigEdits.Edit(config.name(), config.configOperation(), config.value()))
                .toList();
        return topics.configure(resource.resourceName(), configs -> edits.apply(configs, steps), validateOnly);
    }
}
