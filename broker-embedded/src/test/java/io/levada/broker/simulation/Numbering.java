/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** The producer id, epoch and sequences of a producer that writes one batch at a time to a topic, and the requests that carry them. */
final class Numbering {
    static final int INIT_PRODUCER_ID = 5;
    static final int PRODUCE = 13;
    static final int END_TXN = 5;
    private static final int TIMEOUT_MS = 2_000;
    private final @Nullable String transactionalId;
    private final KnownTopic topic;
    private final int[] sequences;
    private long producerId;
    private short epoch;

    /**
     * Nothing is known yet.
     *
     * @param transactionalId null for a producer without transactions
     */
    Numbering(@Nullable String transactionalId, KnownTopic topic) {
        this.transactionalId = transactionalId;
        this.topic = topic;
        this.sequences = new int[topic.partitions()];
    }

    /** Errors of a producer or of its transaction that pass: the second is what it is told when the coordinator's own log fails. */
    static boolean isToBeRepeated(Errors error) {
        return error == Errors.CONCURRENT_TRANSACTIONS || error == Errors.NOT_ENOUGH_REPLICAS;
    }

    /** What it is told when the coordinator has ended its transaction because it took too long. */
    static boolean hasTakenTooLong(Errors error) {
        return error == Errors.INVALID_PRODUCER_EPOCH
                || error == Errors.PRODUCER_FENCED
                || error == Errors.INVALID_TXN_STATE;
    }

    /** Asks for an id, or for the next epoch. */
    InitProducerIdRequestData begin() {
        return new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(TIMEOUT_MS)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }

    /** These are its own from now on; sequences begin anew. */
    void now(long newProducerId, short newEpoch) {
        producerId = newProducerId;
        epoch = newEpoch;
        Arrays.fill(sequences, 0);
    }

    /** Asks to write a record with the sequence that is next. */
    ProduceRequestData write(int partition, SimpleRecord record) {
        int sequence = sequences[partition];
        MemoryRecords records = transactionalId == null
                ? MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, epoch, sequence, record)
                : MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, epoch, sequence, record);
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setTopicId(topic.id())
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records))));
        return new ProduceRequestData()
                .setTransactionalId(transactionalId)
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
    }

    /** The record with the sequence that was next is written. */
    void written(int partition) {
        sequences[partition]++;
    }

    EndTxnRequestData end(boolean commits) {
        return new EndTxnRequestData()
                .setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(commits);
    }
}
