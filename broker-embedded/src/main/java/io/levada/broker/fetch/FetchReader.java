/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.Fetched;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads once what a fetch request asks for. Free of state; may block on disk. */
final class FetchReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(FetchReader.class);

    private final Topics topics;
    private final Partitions partitions;
    private final int bytesMax;

    FetchReader(Topics topics, int bytesMax) {
        this.topics = topics;
        this.partitions = new Partitions(topics);
        this.bytesMax = bytesMax;
    }

    /** What is there now, in the order of the request until the bytes are used up. */
    Read read(FetchRequest request) {
        Pass pass = new Pass(request);
        for (FetchTopic topic : request.data().topics()) {
            FetchableTopicResponse found =
                    new FetchableTopicResponse().setTopic(topic.topic()).setTopicId(topic.topicId());
            for (FetchPartition partition : topic.partitions()) {
                found.partitions().add(pass.read(topic, partition));
            }
            pass.answer.responses().add(found);
        }
        return new Read(pass.answer, pass.bytes, pass.failed);
    }

    /** The logs that the request waits for; a topic that was deleted meanwhile has none. */
    List<PartitionLog> logs(FetchRequest request) {
        List<PartitionLog> logs = new ArrayList<>();
        for (FetchTopic topic : request.data().topics()) {
            findName(topic).ifPresent(name -> {
                for (FetchPartition partition : topic.partitions()) {
                    topics.log(new TopicPartition(name, partition.partition())).ifPresent(logs::add);
                }
            });
        }
        return logs;
    }

    private Optional<String> findName(FetchTopic topic) {
        return Uuid.ZERO_UUID.equals(topic.topicId())
                ? Optional.of(topic.topic())
                : topics.catalog().find(topic.topicId()).map(Topic::name);
    }

    private String nameOf(FetchTopic topic) {
        return findName(topic)
                .orElseThrow(() -> new UnknownTopicIdException("there is no topic with the id " + topic.topicId()));
    }

    /**
     * One reading.
     *
     * @param bytes how many bytes of records it found
     * @param failed whether a partition has an error, which is not worth waiting with
     */
    record Read(FetchResponseData answer, long bytes, boolean failed) {}

    private final class Pass {
        private final FetchResponseData answer = new FetchResponseData();
        private final IsolationLevel isolation;
        private long room;
        private long bytes;
        private boolean failed;

        private Pass(FetchRequest request) {
            this.room = Math.min(bytesMax, request.maxBytes());
            this.isolation = request.isolationLevel();
        }

        private PartitionData read(FetchTopic topic, FetchPartition asked) {
            try {
                TopicPartition partition = new TopicPartition(nameOf(topic), asked.partition());
                PartitionLog log = partitions.find(partition, asked.currentLeaderEpoch());
                int limit = (int) Math.max(0, Math.min(room, asked.partitionMaxBytes()));
                Fetched fetched = log.read(asked.fetchOffset(), limit, bytes == 0, isolation);
                bytes += fetched.sizeInBytes();
                room -= fetched.sizeInBytes();
                return new PartitionData()
                        .setPartitionIndex(asked.partition())
                        .setHighWatermark(fetched.highWatermark())
                        .setLastStableOffset(fetched.lastStableOffset())
                        .setLogStartOffset(fetched.logStartOffset())
                        .setAbortedTransactions(aborted(fetched))
                        .setRecords(fetched.records());
            } catch (RuntimeException e) { // whatever it is, it is this partition's alone
                if (!(e instanceof ApiException)) {
                    LOGGER.atError()
                            .setCause(e)
                            .addKeyValue("topic", topic.topic())
                            .addKeyValue("partition", asked.partition())
                            .addKeyValue("offset", asked.fetchOffset())
                            .log("partition cannot be read");
                }
                failed = true;
                return new PartitionData()
                        .setPartitionIndex(asked.partition())
                        .setErrorCode(ErrorCodes.of(e).code())
                        .setHighWatermark(FetchResponse.INVALID_HIGH_WATERMARK)
                        .setRecords(MemoryRecords.EMPTY);
            }
        }

        private @Nullable List<FetchResponseData.AbortedTransaction> aborted(Fetched fetched) {
            if (isolation == IsolationLevel.READ_UNCOMMITTED) {
                return null;
            }
            return fetched.abortedTransactions().stream()
                    .map(transaction -> new FetchResponseData.AbortedTransaction()
                            .setProducerId(transaction.producerId())
                            .setFirstOffset(transaction.firstOffset()))
                    .toList();
        }
    }
}
