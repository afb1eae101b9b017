/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.topic.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;

/** DescribeProducers: who writes to a partition, and which transactions are open there, so that one that hangs can be found (KIP-664). */
public final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequest> {
    private final Partitions partitions;
    private final Executor executor;

    /**
     * The handler.
     *
     * @param executor may wait for an append
     */
    public DescribeProducersHandler(Topics topics, Executor executor) {
        this.partitions = new Partitions(topics);
        this.executor = executor;
    }

    @Override
    public CompletableFuture<DescribeProducersResponse> handle(DescribeProducersRequest request, Caller caller) {
        return CompletableFuture.supplyAsync(() -> answer(request, caller), executor);
    }

    private DescribeProducersResponse answer(DescribeProducersRequest request, Caller caller) {
        DescribeProducersResponseData answer = new DescribeProducersResponseData();
        for (TopicRequest topic : request.data().topics()) {
            TopicResponse found = new TopicResponse().setName(topic.name());
            for (int partition : topic.partitionIndexes()) {
                found.partitions().add(describe(new TopicPartition(topic.name(), partition), caller));
            }
            answer.topics().add(found);
        }
        return new DescribeProducersResponse(answer);
    }

    private PartitionResponse describe(TopicPartition partition, Caller caller) {
        PartitionResponse answer = new PartitionResponse().setPartitionIndex(partition.partition());
        try {
            caller.requireOnTopic(AclOperation.READ, partition.topic());
            PartitionLog log = partitions.find(partition, RecordBatch.NO_PARTITION_LEADER_EPOCH);
            return answer.setActiveProducers(log.producers().stream()
                    .map(DescribeProducersHandler::describe)
                    .toList());
        } catch (RuntimeException e) {
            ApiError error = partitions.failed(partition, "producers", e);
            return answer.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
    }

    private static ProducerState describe(ProducerDescription producer) {
        return new ProducerState()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setLastSequence(producer.lastSequence())
                .setLastTimestamp(producer.lastTimestampMs())
                .setCoordinatorEpoch(producer.coordinatorEpoch())
                .setCurrentTxnStartOffset(producer.openTransactionOffset());
    }
}
