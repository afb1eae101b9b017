/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * What a partition knows of one idempotent or transactional producer (KIP-98).
 *
 * @param producerId its id
 * @param epoch the newest epoch it wrote with
 * @param batches its last five batches in that epoch, oldest first: as many as a producer may have in flight
 * @param lastSeenMs when it last wrote, by the broker's clock
 * @param coordinatorEpoch the epoch of the coordinator that wrote its last transaction marker, or -1
 * @param openTransactionOffset the first offset of its open transaction, or -1
 */
record ProducerEntry(
        long producerId,
        short epoch,
        List<SentBatch> batches,
        long lastSeenMs,
        int coordinatorEpoch,
        long openTransactionOffset) {
    static final int BATCHES_MAX = 5;
    static final long NO_TRANSACTION = -1;
    static final int NO_COORDINATOR = -1;

    ProducerEntry {
        batches = List.copyOf(batches);
    }

    static ProducerEntry unknown(long producerId) {
        return new ProducerEntry(
                producerId, RecordBatch.NO_PRODUCER_EPOCH, List.of(), 0, NO_COORDINATOR, NO_TRANSACTION);
    }

    Optional<SentBatch> duplicateOf(RecordBatch batch) {
        return batch.producerEpoch() != epoch
                ? Optional.empty()
                : batches.stream().filter(sent -> sent.isSameAs(batch)).findFirst();
    }

    /**
     * Refuses a batch that is not the producer's next.
     *
     * @throws InvalidProducerEpochException when a newer epoch has written
     * @throws OutOfOrderSequenceException when batches in between are missing
     */
    void requireNext(RecordBatch batch, TopicPartition partition) {
        if (batch.producerEpoch() < epoch) {
            throw new InvalidProducerEpochException("producer " + producerId + " writes to " + partition
                    + " with epoch " + batch.producerEpoch() + ", the last one seen is " + epoch);
        }
        int expected = nextSequence(batch.producerEpoch());
        if (expected != RecordBatch.NO_SEQUENCE && batch.baseSequence() != expected) {
            throw new OutOfOrderSequenceException(
                    "producer " + producerId + " writes to " + partition + " with sequence " + batch.baseSequence()
                            + " in epoch " + batch.producerEpoch() + ", expected is " + expected);
        }
    }

    /** The sequence that must come in an epoch, or -1 where any may: this partition knows nothing of the producer. */
    private int nextSequence(short batchEpoch) {
        if (epoch == RecordBatch.NO_PRODUCER_EPOCH) {
            return RecordBatch.NO_SEQUENCE;
        }
        if (batchEpoch != epoch || batches.isEmpty()) {
            return 0;
        }
        int last = batches.get(batches.size() - 1).lastSequence();
        return last == Integer.MAX_VALUE ? 0 : last + 1;
    }

    ProducerEntry after(RecordBatch batch, long nowMs) {
        List<SentBatch> kept = new ArrayList<>(BATCHES_MAX);
        if (batch.producerEpoch() == epoch) {
            kept.addAll(batches.subList(Math.max(0, batches.size() - BATCHES_MAX + 1), batches.size()));
        }
        kept.add(SentBatch.of(batch));
        long transaction = openTransactionOffset == NO_TRANSACTION && batch.isTransactional()
                ? batch.baseOffset()
                : openTransactionOffset;
        return new ProducerEntry(producerId, batch.producerEpoch(), kept, nowMs, coordinatorEpoch, transaction);
    }

    /** After the marker that commits or aborts its transaction. A marker has no sequence and may raise the epoch. */
    ProducerEntry afterMarker(short markerEpoch, int markerCoordinatorEpoch, long nowMs) {
        List<SentBatch> kept = markerEpoch == epoch ? batches : List.of();
        return new ProducerEntry(producerId, markerEpoch, kept, nowMs, markerCoordinatorEpoch, NO_TRANSACTION);
    }

    LastBatch lastBatch() {
        return new LastBatch(
                epoch,
                batches.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(batches.get(batches.size() - 1).lastOffset()));
    }

    boolean isExpired(long nowMs, long expirationMs) {
        return openTransactionOffset == NO_TRANSACTION && nowMs - lastSeenMs >= expirationMs;
    }
}
