/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.segment.TimestampedOffset;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/**
 * ListOffsets: the earliest, the latest, the one with the largest timestamp, or the first at or after a time.
 *
 * <p>All but the earliest are looked for in what was in the log when the request came: what is not forced yet is waited for. A producer with
 * acks=1 or 0 has its answer before that, and finds its records as it would in Kafka, where the high watermark of an only replica is the end
 * of its log.
 */
public final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequest> {
    private static final short FIRST_WITH_LEADER_EPOCH = 4;
    /** What stands for a place in the log instead of a time, and the first version of the request that may say so. */
    private static final Map<Long, Integer> PLACES = Map.of(
            ListOffsetsRequest.EARLIEST_TIMESTAMP,
            1,
            ListOffsetsRequest.LATEST_TIMESTAMP,
            1,
            ListOffsetsRequest.MAX_TIMESTAMP,
            7,
            ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP,
            8,
            ListOffsetsRequest.LATEST_TIERED_TIMESTAMP,
            9,
            ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP,
            11);

    private static final Set<Long> FROM_THE_START =
            Set.of(ListOffsetsRequest.EARLIEST_TIMESTAMP, ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP);

    private final Partitions partitions;
    private final Executor executor;

    /**
     * The handler.
     *
     * @param executor may block on disk
     */
    public ListOffsetsHandler(Topics topics, Executor executor) {
        this.partitions = new Partitions(topics);
        this.executor = executor;
    }

    @Override
    public CompletableFuture<ListOffsetsResponse> handle(ListOffsetsRequest request, Caller caller) {
        return CompletableFuture.completedFuture(request)
                .thenComposeAsync(
                        asked -> {
                            CompletableFuture<Void> forced = forced(asked);
                            return forced.isDone()
                                    ? CompletableFuture.completedFuture(answer(asked, caller))
                                    : forced.handleAsync((done, failure) -> answer(asked, caller), executor);
                        },
                        executor);
    }

    /** Completes when the ends that are asked for are safe; a disk that fails is told by what is read then. */
    private CompletableFuture<Void> forced(ListOffsetsRequest request) {
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition asked : topic.partitions()) {
                if (FROM_THE_START.contains(asked.timestamp())) {
                    continue;
                }
                partitions
                        .present(new TopicPartition(topic.name(), asked.partitionIndex()))
                        .filter(log -> log.highWatermark() < log.logEndOffset())
                        .ifPresent(log -> pending.add(log.durable(log.logEndOffset())));
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new));
    }

    private ListOffsetsResponse answer(ListOffsetsRequest request, Caller caller) {
        ListOffsetsResponseData answer = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse found = new ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsPartition asked : topic.partitions()) {
                found.partitions().add(answer(topic.name(), asked, request, caller));
            }
            answer.topics().add(found);
        }
        return new ListOffsetsResponse(answer);
    }

    private ListOffsetsPartitionResponse answer(
            String topic, ListOffsetsPartition asked, ListOffsetsRequest request, Caller caller) {
        TopicPartition partition = new TopicPartition(topic, asked.partitionIndex());
        ListOffsetsPartitionResponse answer =
                new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
        try {
            caller.requireOnTopic(AclOperation.DESCRIBE, topic);
            if (request.duplicatePartitions().contains(partition)) {
                throw new InvalidRequestException(partition + " is asked for twice");
            }
            requireKnown(asked.timestamp(), request.version());
            PartitionLog log = partitions.find(partition, asked.currentLeaderEpoch());
            Optional<TimestampedOffset> offset = find(log, asked.timestamp(), request.isolationLevel());
            partitions.read(partition);
            offset.ifPresent(found -> {
                answer.setOffset(found.offset()).setTimestamp(found.timestampMs());
                if (request.version() >= FIRST_WITH_LEADER_EPOCH) {
                    answer.setLeaderEpoch(found.leaderEpoch());
                }
            });
            return answer;
        } catch (RuntimeException e) {
            String what = "offset for timestamp " + asked.timestamp();
            return answer.setErrorCode(
                    partitions.failed(partition, what, e).error().code());
        }
    }

    private static void requireKnown(long timestampMs, short version) {
        if (timestampMs < 0 && version < PLACES.getOrDefault(timestampMs, Integer.MAX_VALUE)) {
            throw new UnsupportedVersionException(
                    "version " + version + " of the request defines no offset for the timestamp " + timestampMs);
        }
    }

    private static Optional<TimestampedOffset> find(PartitionLog log, long timestampMs, IsolationLevel isolation) {
        if (timestampMs >= 0) {
            return log.firstOffsetAtOrAfter(timestampMs, isolation);
        }
        if (timestampMs == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return at(log, log.endOffset(isolation));
        }
        if (timestampMs == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestampMs == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            return at(log, log.logStartOffset());
        }
        if (timestampMs == ListOffsetsRequest.MAX_TIMESTAMP) {
            return log.maxTimestamp(isolation);
        }
        // The last that went to, and the first that waits for, a storage beside this one: there is none.
        return Optional.empty();
    }

    private static Optional<TimestampedOffset> at(PartitionLog log, long offset) {
        return Optional.of(new TimestampedOffset(offset, ListOffsetsResponse.UNKNOWN_TIMESTAMP, log.leaderEpoch()));
    }
}
