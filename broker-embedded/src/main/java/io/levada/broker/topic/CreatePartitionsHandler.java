/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** CreatePartitions: topics grow, they never shrink. */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest> {
    private final Topics topics;

    public CreatePartitionsHandler(Topics topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<CreatePartitionsResponse> handle(CreatePartitionsRequest request, RequestContext context) {
        boolean validateOnly = request.data().validateOnly();
        List<CompletableFuture<CreatePartitionsTopicResult>> results = request.data().topics().stream()
                .map(wanted -> grow(wanted, validateOnly))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> new CreatePartitionsResponse(new CreatePartitionsResponseData()
                        .setResults(
                                results.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<CreatePartitionsTopicResult> grow(CreatePartitionsTopic wanted, boolean validateOnly) {
        CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(wanted.name());
        CompletableFuture<Topic> grown = wanted.assignments() == null
                ? topics.grow(wanted.name(), wanted.count(), validateOnly)
                : CompletableFuture.failedFuture(new InvalidReplicaAssignmentException(
                        "this cluster is one broker, replicas cannot be placed; give the number of partitions alone"));
        return grown.handle((topic, failure) -> {
            ApiError error = failure == null ? new ApiError(Errors.NONE, null) : ErrorCodes.describe(failure);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        });
    }
}
