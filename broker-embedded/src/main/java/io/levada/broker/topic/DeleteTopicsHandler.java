/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;

/** DeleteTopics, by name or by id (KIP-516). */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequest> {
    private static final short FIRST_WITH_IDS = 6;
    private final Topics topics;

    public DeleteTopicsHandler(Topics topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<DeleteTopicsResponse> handle(DeleteTopicsRequest request, Caller caller) {
        List<CompletableFuture<DeletableTopicResult>> results =
                wanted(request).stream().map(topic -> delete(topic, caller)).toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    DeleteTopicsResponseData answer = new DeleteTopicsResponseData();
                    results.forEach(result -> answer.responses().add(result.join()));
                    return new DeleteTopicsResponse(answer);
                });
    }

    private static List<DeleteTopicState> wanted(DeleteTopicsRequest request) {
        if (request.version() >= FIRST_WITH_IDS) {
            return request.data().topics();
        }
        return request.data().topicNames().stream()
                .map(name -> new DeleteTopicState().setName(name))
                .toList();
    }

    private CompletableFuture<DeletableTopicResult> delete(DeleteTopicState wanted, Caller caller) {
        DeletableTopicResult result =
                new DeletableTopicResult().setName(wanted.name()).setTopicId(wanted.topicId());
        String name = wanted.name() != null
                ? wanted.name()
                : topics.catalog().find(wanted.topicId()).map(Topic::name).orElse(null);
        if (name != null && !caller.mayOnTopic(AclOperation.DESCRIBE, name)) {
            return CompletableFuture.completedFuture(
                    result.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())); // by id, without telling the name
        }
        if (name != null && !caller.mayOnTopic(AclOperation.DELETE, name)) {
            return CompletableFuture.completedFuture(
                    result.setName(name).setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
        }
        CompletableFuture<Topic> deleted = name == null ? unknown(wanted.topicId()) : topics.delete(name);
        return deleted.handle((topic, failure) -> {
            if (failure == null) {
                return result.setName(topic.name()).setTopicId(topic.id());
            }
            ApiError error = ErrorCodes.describe(failure);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        });
    }

    private static CompletableFuture<Topic> unknown(Uuid id) {
        return CompletableFuture.failedFuture(new UnknownTopicIdException("there is no topic with the id " + id));
    }
}
