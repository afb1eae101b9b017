/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/** DeleteRecords: what is before an offset can no longer be read; -1 means everything there is. */
public final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequest> {
    private static final long EVERYTHING = -1;
    private final Topics topics;
    private final Function<TopicPartition, Executor> executors;
    private final Executor forcing;

    /**
     * The handler.
     *
     * @param executors where changes of a partition run, one at a time
     * @param forcing may block on disk
     */
    public DeleteRecordsHandler(Topics topics, Function<TopicPartition, Executor> executors, Executor forcing) {
        this.topics = topics;
        this.executors = executors;
        this.forcing = forcing;
    }

    @Override
    public CompletableFuture<DeleteRecordsResponse> handle(DeleteRecordsRequest request, Caller caller) {
        DeleteRecordsResponseData answer = new DeleteRecordsResponseData();
        List<CompletableFuture<?>> pending = new ArrayList<>();
        for (DeleteRecordsTopic topic : request.data().topics()) {
            DeleteRecordsTopicResult results = new DeleteRecordsTopicResult().setName(topic.name());
            for (DeleteRecordsPartition asked : topic.partitions()) {
                DeleteRecordsPartitionResult result =
                        new DeleteRecordsPartitionResult().setPartitionIndex(asked.partitionIndex());
                results.partitions().add(result);
                pending.add(delete(new TopicPartition(topic.name(), asked.partitionIndex()), asked.offset(), caller)
                        .handle((start, failure) ->
                                failure == null ? result.setLowWatermark(start) : fail(result, failure)));
            }
            answer.topics().add(results);
        }
        // One write for all partitions, after the last of them: the answer says that the records are gone for good.
        return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
                .thenRunAsync(topics::forceLogStartOffsets, forcing)
                .handle((done, failure) -> {
                    if (failure != null) {
                        answer.topics()
                                .forEach(topic -> topic.partitions().stream()
                                        .filter(result -> result.errorCode() == Errors.NONE.code())
                                        .forEach(result -> fail(result, failure)));
                    }
                    return new DeleteRecordsResponse(answer);
                });
    }

    private static DeleteRecordsPartitionResult fail(DeleteRecordsPartitionResult result, Throwable failure) {
        return result.setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
                .setErrorCode(ErrorCodes.of(failure).code());
    }

    /**
     * Up to the end of the log as the request found it: what is not forced yet is waited for, since producers with acks=1 have their
     * answer before.
     */
    private CompletableFuture<Long> delete(TopicPartition partition, long offset, Caller caller) {
        Executor executor = executors.apply(partition);
        return CompletableFuture.supplyAsync(() -> allowed(partition, offset, caller), executor)
                .thenCompose(log -> log.durable(
                                offset == EVERYTHING ? log.logEndOffset() : Math.min(offset, log.logEndOffset()))
                        .thenApplyAsync(forced -> delete(log, offset), executor));
    }

    private PartitionLog allowed(TopicPartition partition, long offset, Caller caller) {
        caller.requireOnTopic(AclOperation.DELETE, partition.topic());
        if (org.apache.kafka.common.internals.Topic.isInternal(partition.topic())) {
            throw new InvalidTopicException("Cannot delete records of internal topic " + partition.topic());
        }
        PartitionLog log = topics.require(partition);
        LogConfig.Retention retention = log.config().retention();
        if (retention.compacts() && !retention.deletes()) {
            throw new PolicyViolationException(
                    "records of " + partition + " cannot be deleted by offset, its cleanup.policy is compact");
        }
        if (offset < EVERYTHING) {
            throw new OffsetOutOfRangeException("there is no offset " + offset);
        }
        return log;
    }

    private long delete(PartitionLog log, long offset) {
        if (topics.require(log.partition()) != log) {
            throw new UnknownTopicOrPartitionException(log.partition() + " was deleted and made anew meanwhile");
        }
        log.moveLogStartOffset(offset == EVERYTHING ? log.highWatermark() : offset);
        return log.logStartOffset();
    }
}
