/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.produce;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.Appended;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.records.RecordError;
import io.levada.broker.log.records.RefusedRecords;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import io.levada.broker.txn.TransactionCoordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestUtils;

/** Produce: appends each partition's batch as it came and answers as the acks ask. Each partition succeeds or fails on its own. */
public final class ProduceHandler implements ApiHandler<ProduceRequest> {
    private static final short ACKS_ALL = -1;
    private final Topics topics;
    private final Function<TopicPartition, Executor> executors;
    private final TransactionalAppends transactional;

    /**
     * The handler.
     *
     * @param executors where a partition's appends run, one at a time
     */
    public ProduceHandler(
            Topics topics, Function<TopicPartition, Executor> executors, TransactionCoordinator transactions) {
        this.topics = topics;
        this.executors = executors;
        this.transactional = new TransactionalAppends(transactions);
    }

    @Override
    public CompletableFuture<ProduceResponse> handle(ProduceRequest request, Caller caller) {
        if (request.acks() < ACKS_ALL || request.acks() > 1) {
            throw new InvalidRequiredAcksException("acks is " + request.acks() + ", it can be -1, 0 or 1");
        }
        if (request.transactionalId() != null) {
            caller.requireOnTransactionalId(AclOperation.WRITE, request.transactionalId());
        } else if (RequestUtils.hasTransactionalRecords(request)) {
            // Nobody could ever end such a transaction: it would hold back the last stable offset for good.
            throw new TransactionalIdAuthorizationException(
                    "a transactional batch came without the transactional.id that it belongs to");
        }
        List<CompletableFuture<?>> pending = new ArrayList<>();
        ProduceResponseData answer = new ProduceResponseData();
        for (TopicProduceData data : request.data().topicData()) {
            answer.responses().add(append(data, request, caller, pending));
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
                .thenApply(all -> new ProduceResponse(answer));
    }

    private TopicProduceResponse append(
            TopicProduceData data, ProduceRequest request, Caller caller, List<CompletableFuture<?>> pending) {
        boolean byId = !Uuid.ZERO_UUID.equals(data.topicId());
        Optional<Topic> topic =
                byId ? topics.catalog().find(data.topicId()) : topics.catalog().find(data.name());
        TopicProduceResponse answer =
                new TopicProduceResponse().setName(data.name()).setTopicId(data.topicId());
        for (PartitionProduceData partition : data.partitionData()) {
            PartitionProduceResponse result = new PartitionProduceResponse().setIndex(partition.index());
            answer.partitionResponses().add(result);
            Optional<PartitionLog> log =
                    topic.flatMap(known -> topics.log(new TopicPartition(known.name(), partition.index())));
            boolean named = topic.isPresent() || !byId;
            if (named
                    && !caller.mayOnTopic(
                            AclOperation.WRITE, topic.map(Topic::name).orElse(data.name()))) {
                fail(result, new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED));
            } else if (topic.isPresent() && topic.get().isInternal()) {
                // The broker reads its own records back at the next start: no one else may write there.
                fail(
                        result,
                        new ApiError(
                                Errors.INVALID_TOPIC_EXCEPTION,
                                "Cannot append to internal topic " + topic.get().name()));
            } else if (log.isPresent()) {
                pending.add(append(partition, log.get(), request)
                        .handle((appended, failure) -> fill(result, appended, failure)));
            } else {
                fail(result, missing(byId, topic, partition.index()));
            }
        }
        return answer;
    }

    private ApiError missing(boolean byId, Optional<Topic> topic, int partition) {
        if (topic.isEmpty()) {
            return new ApiError(byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return topics.offline(new TopicPartition(topic.get().name(), partition))
                .map(offline -> ErrorCodes.describe(offline.failure()))
                .orElseGet(() -> new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    private CompletableFuture<Appended> append(PartitionProduceData data, PartitionLog log, ProduceRequest request) {
        Executor executor = executors.apply(log.partition());
        String transactionalId = request.transactionalId();
        return CompletableFuture.completedFuture(log)
                .thenComposeAsync(
                        at -> {
                            ProduceRequest.validateRecords(request.version(), data.records());
                            MemoryRecords records = (MemoryRecords) data.records();
                            return transactionalId == null || !isTransactional(records)
                                    ? CompletableFuture.completedFuture(log.append(records))
                                    : transactional.append(log, records, transactionalId, request.version(), executor);
                        },
                        executor)
                .thenCompose(appended -> request.acks() == ACKS_ALL
                        ? log.durable(appended.nextOffset()).thenApply(done -> appended)
                        : CompletableFuture.completedFuture(appended));
    }

    private static boolean isTransactional(MemoryRecords records) {
        RecordBatch first = records.firstBatch();
        return first != null && first.isTransactional();
    }

    private static PartitionProduceResponse fill(
            PartitionProduceResponse result, Appended appended, Throwable failure) {
        if (failure != null) {
            if (ErrorCodes.asApiException(failure) instanceof RefusedRecords refused) {
                result.setRecordErrors(refused.recordErrors().stream()
                        .map(ProduceHandler::told)
                        .toList());
            }
            return fail(result, ErrorCodes.describe(failure));
        }
        return result.setBaseOffset(appended.baseOffset())
                .setLogAppendTimeMs(appended.logAppendTimeMs())
                .setLogStartOffset(appended.logStartOffset());
    }

    private static BatchIndexAndErrorMessage told(RecordError error) {
        return new BatchIndexAndErrorMessage().setBatchIndex(error.index()).setBatchIndexErrorMessage(error.message());
    }

    private static PartitionProduceResponse fail(PartitionProduceResponse result, ApiError error) {
        return result.setErrorCode(error.error().code())
                .setErrorMessage(error.message())
                .setBaseOffset(ProduceResponse.INVALID_OFFSET)
                .setLogStartOffset(ProduceResponse.INVALID_OFFSET);
    }
}
