/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.recovery.EpochEnd;
import io.levada.broker.topic.Topics;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/**
 * OffsetForLeaderEpoch, by which consumers notice that a log was cut back (KIP-320): a new epoch begins where recovery cut a log, so that an older one
 * ends there.
 */
public final class OffsetsForLeaderEpochHandler implements ApiHandler<OffsetsForLeaderEpochRequest> {
    private final Partitions partitions;

    public OffsetsForLeaderEpochHandler(Topics topics) {
        this.partitions = new Partitions(topics);
    }

    @Override
    public CompletableFuture<OffsetsForLeaderEpochResponse> handle(
            OffsetsForLeaderEpochRequest request, Caller caller) {
        OffsetForLeaderEpochResponseData answer = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.data().topics()) {
            OffsetForLeaderTopicResult found = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            topic.partitions().forEach(asked -> found.partitions().add(answer(topic.topic(), asked, caller)));
            answer.topics().add(found);
        }
        return CompletableFuture.completedFuture(new OffsetsForLeaderEpochResponse(answer));
    }

    private EpochEndOffset answer(String topic, OffsetForLeaderPartition asked, Caller caller) {
        TopicPartition partition = new TopicPartition(topic, asked.partition());
        EpochEndOffset answer = new EpochEndOffset().setPartition(asked.partition());
        try {
            caller.requireOnTopic(AclOperation.DESCRIBE, topic);
            PartitionLog log = partitions.find(partition, asked.currentLeaderEpoch());
            EpochEnd end = log.endOffsetFor(asked.leaderEpoch());
            return answer.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
        } catch (RuntimeException e) {
            String epoch = "end of leader epoch " + asked.leaderEpoch();
            return answer.setErrorCode(
                    partitions.failed(partition, epoch, e).error().code());
        }
    }
}
