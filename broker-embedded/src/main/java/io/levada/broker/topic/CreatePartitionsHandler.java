/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;

/** CreatePartitions: topics grow, they never shrink. */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest> {
    private final Topics topics;
    private final Placement placement;

    /**
     * The handler.
     *
     * @param brokerId the id of this broker, the only one that replicas can be placed on
     */
    public CreatePartitionsHandler(Topics topics, int brokerId) {
        this.topics = topics;
        this.placement = new Placement(brokerId);
    }

    @Override
    public CompletableFuture<CreatePartitionsResponse> handle(CreatePartitionsRequest request, Caller caller) {
        boolean validateOnly = request.data().validateOnly();
        List<CompletableFuture<CreatePartitionsTopicResult>> results = request.data().topics().stream()
                .map(wanted -> grow(wanted, validateOnly, caller))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> new CreatePartitionsResponse(new CreatePartitionsResponseData()
                        .setResults(
                                results.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<CreatePartitionsTopicResult> grow(
            CreatePartitionsTopic wanted, boolean validateOnly, Caller caller) {
        CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(wanted.name());
        return start(wanted, validateOnly, caller).handle((topic, failure) -> {
            ApiError error = failure == null ? new ApiError(Errors.NONE, null) : ErrorCodes.describe(failure);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        });
    }

    private CompletableFuture<Topic> start(CreatePartitionsTopic wanted, boolean validateOnly, Caller caller) {
        try {
            caller.requireOnTopic(AclOperation.ALTER, wanted.name());
            if (wanted.assignments() != null) {
                checkPlaced(wanted);
            }
            return topics.grow(wanted.name(), wanted.count(), validateOnly);
        } catch (ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void checkPlaced(CreatePartitionsTopic wanted) {
        int present =
                topics.catalog().find(wanted.name()).map(Topic::partitions).orElse(wanted.count());
        int added = wanted.assignments().size();
        // Fewer than there are is refused with its own words when the topic is to grow.
        if (wanted.count() > present && added != wanted.count() - present) {
            throw new InvalidReplicaAssignmentException("topic " + wanted.name() + " is to grow from " + present
                    + " to " + wanted.count() + " partitions, and " + added + " of the new ones are placed");
        }
        for (int i = 0; i < added; i++) {
            placement.check(present + i, wanted.assignments().get(i).brokerIds());
        }
    }
}
