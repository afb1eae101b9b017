/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.Caller;
import io.levada.broker.log.Fetched;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;

/** Reads one partition as a fetch asks for it. Safe to use from any thread; may block on disk. */
final class FetchReader {
    private final Topics topics;
    private final Partitions partitions;

    FetchReader(Topics topics) {
        this.topics = topics;
        this.partitions = new Partitions(topics);
    }

    /**
     * What is there now. Whatever stands in the way is told in the answer of this partition.
     *
     * @param bytesMax the most it may bring
     * @param atLeastOneBatch whether a first batch that is larger comes all the same
     */
    Found read(Asked asked, int bytesMax, boolean atLeastOneBatch, IsolationLevel isolation, Caller caller) {
        try {
            String name = nameOf(asked);
            caller.requireOnTopic(AclOperation.READ, name);
            TopicPartition partition = new TopicPartition(name, asked.wanted().partition());
            PartitionLog log = partitions.find(partition, asked.wanted().currentLeaderEpoch());
            Fetched fetched = log.read(asked.wanted().fetchOffset(), bytesMax, atLeastOneBatch, isolation);
            partitions.read(partition);
            return new Found(
                    new PartitionData()
                            .setPartitionIndex(asked.wanted().partition())
                            .setHighWatermark(fetched.highWatermark())
                            .setLastStableOffset(fetched.lastStableOffset())
                            .setLogStartOffset(fetched.logStartOffset())
                            .setAbortedTransactions(aborted(fetched, isolation))
                            .setRecords(fetched.records()),
                    fetched.sizeInBytes(),
                    false);
        } catch (RuntimeException e) {
            return new Found(
                    new PartitionData()
                            .setPartitionIndex(asked.wanted().partition())
                            .setErrorCode(error(asked, e).code())
                            .setHighWatermark(FetchResponse.INVALID_HIGH_WATERMARK)
                            .setRecords(MemoryRecords.EMPTY),
                    0,
                    true);
        }
    }

    private Errors error(Asked asked, RuntimeException failure) {
        String topic = findName(asked).orElse(asked.topic());
        String records = "records from offset " + asked.wanted().fetchOffset();
        return partitions
                .failed(new TopicPartition(topic, asked.wanted().partition()), records, failure)
                .error();
    }

    private static @Nullable List<AbortedTransaction> aborted(Fetched fetched, IsolationLevel isolation) {
        if (isolation == IsolationLevel.READ_UNCOMMITTED) {
            return null;
        }
        return fetched.abortedTransactions().stream()
                .map(transaction -> new AbortedTransaction()
                        .setProducerId(transaction.producerId())
                        .setFirstOffset(transaction.firstOffset()))
                .toList();
    }

    /** The log that is waited for; none if the topic was deleted meanwhile. */
    Optional<PartitionLog> log(Asked asked) {
        return findName(asked)
                .flatMap(name ->
                        topics.log(new TopicPartition(name, asked.wanted().partition())));
    }

    private Optional<String> findName(Asked asked) {
        return Uuid.ZERO_UUID.equals(asked.topicId())
                ? Optional.of(asked.topic())
                : topics.catalog().find(asked.topicId()).map(Topic::name);
    }

    private String nameOf(Asked asked) {
        return findName(asked)
                .orElseThrow(() -> new UnknownTopicIdException("there is no topic with the id " + asked.topicId()));
    }

    /**
     * What a partition has to give.
     *
     * @param bytes of records
     * @param failed whether it has an error, which is not worth waiting with
     */
    record Found(PartitionData data, int bytes, boolean failed) {}
}
