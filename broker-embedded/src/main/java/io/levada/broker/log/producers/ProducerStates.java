/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.log.segment.AbortedTransaction;
import io.levada.broker.log.segment.LogPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** The producers of one partition, which make its idempotence and its transactions. Used under the partition's lock. */
public final class ProducerStates {
    private final TopicPartition partition;
    private final Map<Long, ProducerEntry> byId = new HashMap<>();
    private final Admissions admissions = new Admissions();
    private final OpenTransactions transactions = new OpenTransactions();

    public ProducerStates(TopicPartition partition) {
        this.partition = partition;
    }

    public OpenTransactions transactions() {
        return transactions;
    }

    /** What was written when a client's batch came for the first time. */
    public Optional<SentBatch> duplicateOf(RecordBatch batch) {
        return batch.hasProducerId() ? entry(batch.producerId()).duplicateOf(batch) : Optional.empty();
    }

    /**
     * Refuses a batch that may not follow what its producer wrote.
     *
     * @throws org.apache.kafka.common.errors.ApiException of the kind whose error code the producer is to see
     */
    public void check(RecordBatch batch, AppendOrigin origin, @Nullable Admission admission) {
        if (!batch.hasProducerId()) {
            return;
        }
        ProducerEntry entry = entry(batch.producerId());
        entry.requireEpoch(batch.producerEpoch(), partition);
        if (batch.isControlBatch()) {
            markerIn(batch).ifPresent(marker -> requireCoordinator(entry, marker.coordinatorEpoch()));
            return;
        }
        if (origin == AppendOrigin.CLIENT) {
            requireNotOvertaking(entry, batch);
            entry.requireNext(batch, partition);
        }
        if (batch.isTransactional()) {
            requireAdmitted(batch, origin, admission);
        } else if (entry.hasOpenTransaction()) {
            throw new InvalidTxnStateException("producer " + batch.producerId() + " writes to " + partition
                    + " outside of the transaction that it has open since offset " + entry.openTransactionOffset());
        }
    }

    /** A coordinator of the broker itself orders its appends and markers, and may do without an admission. */
    private void requireAdmitted(RecordBatch batch, AppendOrigin origin, @Nullable Admission admission) {
        boolean needed = origin == AppendOrigin.CLIENT || admission != null;
        if (needed
                && !hasOpenTransaction(batch.producerId(), batch.producerEpoch())
                && !admissions.allow(batch.producerId(), batch.producerEpoch(), admission)) {
            throw new InvalidTxnStateException("producer " + batch.producerId() + " writes to " + partition
                    + " in epoch " + batch.producerEpoch() + ", which is no part of its ongoing transaction");
        }
    }

    /** Of the first batches of a transaction a later one may be admitted earlier; written first it would stand for all. */
    private void requireNotOvertaking(ProducerEntry entry, RecordBatch batch) {
        Admission pending = admissions.pending(batch.producerId());
        if (pending == null) {
            return;
        }
        int first = pending.bumpsEpochs() && entry.isUnknown() ? 0 : pending.lowestSequence();
        if (batch.baseSequence() > first) {
            throw new OutOfOrderSequenceException("producer " + batch.producerId() + " writes to " + partition
                    + " with sequence " + batch.baseSequence() + ", sequence " + first + " must come first");
        }
    }

    /**
     * Refuses a marker that comes too late.
     *
     * @param bumped whether each transaction ends with an epoch of its own: then one with a marker already cannot be meant. The last epoch there is
     *     stays when it is to be raised again
     */
    public void requireEndable(long producerId, short producerEpoch, int coordinatorEpoch, boolean bumped) {
        ProducerEntry entry = entry(producerId);
        entry.requireEpoch(producerEpoch, partition);
        if (bumped
                && producerEpoch == entry.epoch()
                && producerEpoch != Short.MAX_VALUE
                && entry.hasOpenTransaction()) {
            throw new InvalidProducerEpochException("the transaction of producer " + producerId + " in " + partition
                    + " that epoch " + producerEpoch + " ended is over, the open one is the next");
        }
        requireCoordinator(entry, coordinatorEpoch);
    }

    private void requireCoordinator(ProducerEntry entry, int coordinatorEpoch) {
        if (coordinatorEpoch < entry.coordinatorEpoch()) {
            throw new TransactionCoordinatorFencedException("a marker for producer " + entry.producerId() + " in "
                    + partition + " comes from coordinator epoch " + coordinatorEpoch + ", the last one seen is "
                    + entry.coordinatorEpoch());
        }
    }

    /**
     * Remembers a batch that is in the log at {@code position}, before anyone can read it.
     *
     * @return the transaction that it aborts, if it does
     */
    public Optional<AbortedTransaction> written(RecordBatch batch, LogPosition position, long nowMs) {
        if (!batch.hasProducerId()) {
            return Optional.empty();
        }
        ProducerEntry entry = entry(batch.producerId());
        if (batch.isControlBatch()) {
            // Compaction may leave a marker's batch without its record.
            return markerIn(batch).flatMap(marker -> ended(entry, batch, marker, nowMs));
        }
        ProducerEntry after = entry.after(batch, nowMs);
        byId.put(batch.producerId(), after);
        if (batch.isTransactional()) {
            admissions.clear(batch.producerId());
            if (!entry.hasOpenTransaction()) {
                transactions.begin(position);
            }
        }
        return Optional.empty();
    }

    private Optional<AbortedTransaction> ended(
            ProducerEntry entry, RecordBatch batch, EndTransactionMarker marker, long nowMs) {
        byId.put(entry.producerId(), entry.afterMarker(batch, marker.coordinatorEpoch(), nowMs));
        admissions.clear(entry.producerId());
        if (!entry.hasOpenTransaction()) {
            return Optional.empty();
        }
        long first = entry.openTransactionOffset();
        long stable = transactions.end(first, batch.baseOffset());
        return marker.controlType() == ControlRecordType.ABORT
                ? Optional.of(new AbortedTransaction(entry.producerId(), first, batch.baseOffset(), stable))
                : Optional.empty();
    }

    private static Optional<EndTransactionMarker> markerIn(RecordBatch batch) {
        var records = batch.iterator();
        return records.hasNext() ? Optional.of(EndTransactionMarker.deserialize(records.next())) : Optional.empty();
    }

    public boolean hasOpenTransaction(long producerId, short producerEpoch) {
        ProducerEntry entry = entry(producerId);
        return entry.hasOpenTransaction() && entry.epoch() == producerEpoch;
    }

    /** See {@link PartitionLog#admit}. */
    public Admission admit(long producerId, short producerEpoch, int baseSequence, boolean bumpsEpochs, long nowMs) {
        return hasOpenTransaction(producerId, producerEpoch)
                ? new Admission(producerEpoch, baseSequence, bumpsEpochs, nowMs)
                : admissions.ask(producerId, producerEpoch, baseSequence, bumpsEpochs, nowMs);
    }

    private ProducerEntry entry(long producerId) {
        ProducerEntry entry = byId.get(producerId);
        return entry == null ? ProducerEntry.unknown(producerId) : entry;
    }

    public void expire(long nowMs, long expirationMs) {
        byId.values().removeIf(entry -> entry.isExpired(nowMs, expirationMs));
        admissions.expire(nowMs, expirationMs);
    }

    /** What must stay in the log of each producer so that it can be rebuilt. */
    public Map<Long, LastBatch> lastBatches() {
        Map<Long, LastBatch> last = new HashMap<>();
        byId.values().forEach(entry -> last.put(entry.producerId(), entry.lastBatch()));
        return last;
    }

    /** Takes over a snapshot's producer, whose open transaction, if any, begins at {@code start}. */
    public void restore(ProducerEntry entry, LogPosition start) {
        byId.put(entry.producerId(), entry);
        if (entry.hasOpenTransaction()) {
            transactions.begin(start);
        }
    }

    public List<ProducerEntry> entries() {
        return List.copyOf(byId.values());
    }
}
