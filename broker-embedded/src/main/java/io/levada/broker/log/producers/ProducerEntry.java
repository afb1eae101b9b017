/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

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
 * @param lastTimestampMs the largest timestamp of its last batch, or its marker's
 * @param coordinatorEpoch the epoch of the coordinator that wrote its last transaction marker, or -1
 * @param openTransactionOffset the first offset of its open transaction, or -1
 */
public record ProducerEntry(
        long producerId,
        short epoch,
        List<SentBatch> batches,
        long lastSeenMs,
        long lastTimestampMs,
        int coordinatorEpoch,
        long openTransactionOffset) {
    public static final int BATCHES_MAX = 5;
    static final long NO_TRANSACTION = -1;
    static final int NO_COORDINATOR = -1;

    public ProducerEntry {
        batches = List.copyOf(batches);
    }

    static ProducerEntry unknown(long producerId) {
        return new ProducerEntry(
                producerId,
                RecordBatch.NO_PRODUCER_EPOCH,
                List.of(),
                0,
                RecordBatch.NO_TIMESTAMP,
                NO_COORDINATOR,
                NO_TRANSACTION);
    }

    /** This, and after its batches those of {@code later}, which tells the rest. */
    ProducerEntry with(ProducerEntry later) {
        List<SentBatch> all = new ArrayList<>(batches);
        all.addAll(later.batches);
        return new ProducerEntry(
                producerId,
                later.epoch,
                all,
                later.lastSeenMs,
                later.lastTimestampMs,
                later.coordinatorEpoch,
                later.openTransactionOffset);
    }

    boolean isUnknown() {
        return epoch == RecordBatch.NO_PRODUCER_EPOCH;
    }

    boolean hasOpenTransaction() {
        return openTransactionOffset != NO_TRANSACTION;
    }

    int lastSequence() {
        return batches.isEmpty()
                ? RecordBatch.NO_SEQUENCE
                : batches.get(batches.size() - 1).lastSequence();
    }

    public ProducerDescription describe() {
        return new ProducerDescription(
                producerId, epoch, lastSequence(), lastTimestampMs, coordinatorEpoch, openTransactionOffset);
    }

    Optional<SentBatch> duplicateOf(RecordBatch batch) {
        return batch.producerEpoch() != epoch
                ? Optional.empty()
                : batches.stream().filter(sent -> sent.isSameAs(batch)).findFirst();
    }

    /** @throws InvalidProducerEpochException when a newer epoch has written */
    void requireEpoch(short batchEpoch, TopicPartition partition) {
        if (batchEpoch < epoch) {
            throw new InvalidProducerEpochException("producer " + producerId + " writes to " + partition
                    + " with epoch " + batchEpoch + ", the last one seen is " + epoch);
        }
    }

    /** @throws OutOfOrderSequenceException when batches in between are missing */
    void requireNext(RecordBatch batch, TopicPartition partition) {
        int expected = nextSequence(batch.producerEpoch());
        if (expected != RecordBatch.NO_SEQUENCE && batch.baseSequence() != expected) {
            throw new OutOfOrderSequenceException(
                    "producer " + producerId + " writes to " + partition + " with sequence " + batch.baseSequence()
                            + " in epoch " + batch.producerEpoch() + ", expected is " + expected);
        }
    }

    /** The sequence that must come in an epoch, or -1 where any may: this partition knows nothing of the producer. */
    private int nextSequence(short batchEpoch) {
        if (isUnknown()) {
            return RecordBatch.NO_SEQUENCE;
        }
        if (batchEpoch != epoch || batches.isEmpty()) {
            return 0;
        }
        int last = lastSequence();
        return last == Integer.MAX_VALUE ? 0 : last + 1;
    }

    ProducerEntry after(RecordBatch batch, long nowMs) {
        List<SentBatch> kept = new ArrayList<>(BATCHES_MAX);
        if (batch.producerEpoch() == epoch) {
            kept.addAll(batches.subList(Math.max(0, batches.size() - BATCHES_MAX + 1), batches.size()));
        }
        kept.add(SentBatch.of(batch));
        long transaction =
                !hasOpenTransaction() && batch.isTransactional() ? batch.baseOffset() : openTransactionOffset;
        return new ProducerEntry(
                producerId, batch.producerEpoch(), kept, nowMs, batch.maxTimestamp(), coordinatorEpoch, transaction);
    }

    /** After the marker that commits or aborts its transaction. A marker has no sequence and may raise the epoch. */
    ProducerEntry afterMarker(RecordBatch marker, int markerCoordinatorEpoch, long nowMs) {
        List<SentBatch> kept = marker.producerEpoch() == epoch ? batches : List.of();
        return new ProducerEntry(
                producerId,
                marker.producerEpoch(),
                kept,
                nowMs,
                marker.maxTimestamp(),
                markerCoordinatorEpoch,
                NO_TRANSACTION);
    }

    LastBatch lastBatch() {
        return new LastBatch(
                epoch,
                batches.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(batches.get(batches.size() - 1).lastOffset()));
    }

    boolean isExpired(long nowMs, long expirationMs) {
        return !hasOpenTransaction() && nowMs - lastSeenMs >= expirationMs;
    }
}
