/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;

/**
 * What is stored about one transactional id: the value of its newest record in {@code __transaction_state}. Each method that changes it checks that the
 * state may follow and returns what is to be stored.
 *
 * @param state where it stands
 * @param producer who may write
 * @param lastEpoch the epoch before the last bump that its own holder asked for, or -1: a request with it is a repetition, not a zombie's
 * @param previousProducerId the producer id before the last change, by which a repeated request is known after an id was used up
 * @param nextProducerId the id the producer gets once this transaction is complete, or -1 if it keeps its own
 * @param timeoutMs how long a transaction may take
 * @param partitions where the transaction has written, or is about to
 * @param startMs when the transaction began, or -1
 * @param updateMs when this was decided
 * @param version the transaction version (KIP-890) of the client that caused the change: 0, or 2 where every end bumps the epoch
 */
record Transaction(
        TransactionState state,
        Producer producer,
        short lastEpoch,
        long previousProducerId,
        long nextProducerId,
        int timeoutMs,
        Set<TopicPartition> partitions,
        long startMs,
        long updateMs,
        short version) {
    static final short VERSION_0 = 0;
    static final short VERSION_2 = 2;
    static final long NOT_STARTED = -1;
    private static final short NO_EPOCH = RecordBatch.NO_PRODUCER_EPOCH;
    private static final long NO_ID = RecordBatch.NO_PRODUCER_ID;

    Transaction {
        partitions = Collections.unmodifiableSet(new LinkedHashSet<>(partitions));
        if (state == TransactionState.EMPTY && !partitions.isEmpty()) {
            throw new IllegalArgumentException("an empty transaction has partitions: " + partitions);
        }
    }

    /** A transactional id that nobody has used before. */
    static Transaction begun(long producerId, int timeoutMs, long nowMs) {
        return new Transaction(
                TransactionState.EMPTY,
                new Producer(producerId, (short) 0),
                NO_EPOCH,
                producerId,
                NO_ID,
                timeoutMs,
                Set.of(),
                NOT_STARTED,
                nowMs,
                VERSION_0);
    }

    /**
     * Handed to a producer that starts, or goes on after an error.
     *
     * @param to who may write from now on
     * @param repeatable whether the present holder asked and may ask again with what it has
     */
    Transaction handedTo(Producer to, boolean repeatable, int newTimeoutMs, long nowMs) {
        short last = to.equals(producer) ? lastEpoch : repeatable ? producer.epoch() : NO_EPOCH;
        return new Transaction(
                require(TransactionState.EMPTY),
                to,
                last,
                producer.id(),
                NO_ID,
                newTimeoutMs,
                Set.of(),
                NOT_STARTED,
                nowMs,
                version);
    }

    Transaction withPartitions(Collection<TopicPartition> added, short clientVersion, long nowMs) {
        Set<TopicPartition> all = new LinkedHashSet<>(partitions);
        all.addAll(added);
        return new Transaction(
                require(TransactionState.ONGOING),
                producer,
                lastEpoch,
                producer.id(),
                NO_ID,
                timeoutMs,
                all,
                state == TransactionState.ONGOING ? startMs : nowMs,
                nowMs,
                clientVersion);
    }

    /** To be ended as version 0 does: the producer keeps its epoch. */
    Transaction prepared(TransactionResult result, long nowMs) {
        return prepared(TransactionState.prepared(result), producer, lastEpoch, NO_ID, VERSION_0, nowMs);
    }

    /**
     * To be ended as version 2 does: the producer goes on with another epoch, so that what it sent before can never be part of its next transaction.
     *
     * @param nextId the id it goes on with if this one has no epochs left, otherwise -1
     */
    Transaction preparedWithBump(TransactionResult result, long nextId, long nowMs) {
        return prepared(TransactionState.prepared(result), producer.next(), producer.epoch(), nextId, VERSION_2, nowMs);
    }

    /** To be aborted by the coordinator itself, with an epoch that shuts its producer out. */
    Transaction fenced(long nowMs) {
        return preparedWithBump(TransactionResult.ABORT, NO_ID, nowMs);
    }

    private Transaction prepared(
            TransactionState next, Producer by, short last, long nextId, short clientVersion, long nowMs) {
        return new Transaction(
                require(next),
                by,
                last,
                producer.id(),
                nextId,
                timeoutMs,
                partitions,
                state == TransactionState.ONGOING ? startMs : nowMs,
                nowMs,
                clientVersion);
    }

    /** After every marker is on disk. */
    Transaction completed(long nowMs) {
        TransactionState next = state == TransactionState.PREPARE_COMMIT
                ? TransactionState.COMPLETE_COMMIT
                : TransactionState.COMPLETE_ABORT;
        return new Transaction(
                require(next),
                successor(),
                lastEpoch,
                producer.id(),
                NO_ID,
                timeoutMs,
                Set.of(),
                startMs,
                nowMs,
                version);
    }

    /** Who may write once this transaction is complete. */
    Producer successor() {
        return nextProducerId == NO_ID ? producer : new Producer(nextProducerId, (short) 0);
    }

    /** How a prepared transaction ends. */
    TransactionResult result() {
        return state == TransactionState.PREPARE_COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT;
    }

    boolean isTimedOut(long nowMs) {
        // A time-out of this size is the one of a transaction that an outside coordinator will end (KIP-939).
        return state == TransactionState.ONGOING && timeoutMs != Integer.MAX_VALUE && startMs + timeoutMs < nowMs;
    }

    boolean isExpired(long nowMs, long expirationMs) {
        return state.isIdle() && updateMs + expirationMs <= nowMs;
    }

    private TransactionState require(TransactionState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("a transaction cannot go from " + state + " to " + next);
        }
        return next;
    }
}
