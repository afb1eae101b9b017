/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * The requests of a producer whose transactions write to a topic and commit offsets of its partition 0 for a group.
 *
 * @param id the transactional id, and the group's
 * @param topic the topic
 * @param second whether it speaks the second version of transactions (KIP-890), where nothing has to be added beforehand
 */
record TransactionRequests(String id, KnownTopic topic, boolean second) {
    static final int INIT_PRODUCER_ID = 5;
    static final int ADD_PARTITIONS = 3;
    static final int ADD_OFFSETS = 4;
    static final int OFFSET_COMMIT = 10;
    static final int OFFSET_FETCH = 10;

    int produceVersion() {
        return second ? 13 : 11;
    }

    int commitOffsetsVersion() {
        return second ? 5 : 4;
    }

    int endVersion() {
        return second ? 5 : 4;
    }

    InitProducerIdRequestData init(int timeoutMs) {
        return new InitProducerIdRequestData()
                .setTransactionalId(id)
                .setTransactionTimeoutMs(timeoutMs)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }

    AddPartitionsToTxnRequestData addPartition(TransformLedger.Epoch by, int partition) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic.name()).setPartitions(List.of(partition)));
        return new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(id)
                .setV3AndBelowProducerId(by.producerId())
                .setV3AndBelowProducerEpoch(by.epoch())
                .setV3AndBelowTopics(topics);
    }

    ProduceRequestData produce(TransformLedger.Epoch by, int partition, int sequence, Value value, long nowMs) {
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                by.producerId(),
                by.epoch(),
                sequence,
                new SimpleRecord(nowMs, null, value.text().getBytes(StandardCharsets.UTF_8)));
        TopicProduceData data = new TopicProduceData()
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(second ? data.setTopicId(topic.id()) : data.setName(topic.name()));
        return new ProduceRequestData()
                .setTransactionalId(id)
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
    }

    AddOffsetsToTxnRequestData addOffsets(TransformLedger.Epoch by) {
        return new AddOffsetsToTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(by.producerId())
                .setProducerEpoch(by.epoch())
                .setGroupId(id);
    }

    TxnOffsetCommitRequestData commitOffset(TransformLedger.Epoch by, long offset) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId(id)
                .setGroupId(id)
                .setProducerId(by.producerId())
                .setProducerEpoch(by.epoch())
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)))));
    }

    /** The same without the transaction, which would be wrong. */
    OffsetCommitRequestData commitOffsetOutside(long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(id)
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setTopicId(topic.id())
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)))));
    }

    EndTxnRequestData end(TransformLedger.Epoch by, boolean commits) {
        return new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(by.producerId())
                .setProducerEpoch(by.epoch())
                .setCommitted(commits);
    }

    OffsetFetchRequestData offset(boolean requireStable) {
        return new OffsetFetchRequestData()
                .setRequireStable(requireStable)
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(id)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setTopicId(topic.id())
                                .setPartitionIndexes(List.of(0))))));
    }
}
