/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/**
 * EndTxn: the producer's decision over its transaction. The reply is who may write afterwards.
 *
 * @param version the transaction version of the client; with 2 the epoch is bumped, so that a repeated request can be told from the next one
 */
record Ending(Producer producer, TransactionResult result, short version) {
    /**
     * Decides.
     *
     * @param freshId gives a producer id that was never used
     * @throws ProducerFencedException when the epoch is not the present one
     * @throws InvalidTxnStateException when there is nothing to end in that way
     * @throws ConcurrentTransactionsException while the markers of an end are being written
     */
    Change<Producer> decide(@Nullable Transaction now, LongSupplier freshId, long nowMs) {
        if (now == null) {
            throw new InvalidPidMappingException("the transactional id is not known here; it may have expired");
        }
        return version >= Transaction.VERSION_2 ? decideWithBump(now, freshId, nowMs) : decideWithoutBump(now, nowMs);
    }

    private Change<Producer> decideWithoutBump(Transaction now, long nowMs) {
        requireId(producer.id() == now.producer().id());
        requireEpoch(producer.epoch() == now.producer().epoch(), now);
        return switch (now.state()) {
            case ONGOING -> ended(now.prepared(result, nowMs));
            case COMPLETE_COMMIT -> repeated(now, TransactionResult.COMMIT);
            case COMPLETE_ABORT -> repeated(now, TransactionResult.ABORT);
            case PREPARE_COMMIT, PREPARE_ABORT -> throw beingEnded();
            case EMPTY, DEAD, PREPARE_EPOCH_FENCE -> throw nothingToEnd(now);
        };
    }

    private Change<Producer> decideWithBump(Transaction now, LongSupplier freshId, long nowMs) {
        // Before the producer is looked at: with the epoch, or even the id, that it was told for its next transaction
        // it
        // may be faster than the markers of the last one.
        if (now.state().isPrepared()) {
            throw beingEnded();
        }
        boolean afterLastId = producer.id() == now.previousProducerId()
                && producer.epoch() == Producer.EPOCH_MAX
                && now.producer().epoch() == 0;
        boolean afterBump = now.producer().epoch() == producer.epoch() + 1;
        boolean same = producer.epoch() == now.producer().epoch();
        requireId(producer.id() == now.producer().id() || afterLastId);
        return switch (now.state()) {
            case ONGOING -> {
                requireEpoch(same, now);
                yield bumped(now, result, freshId, nowMs);
            }
            case PREPARE_COMMIT, PREPARE_ABORT -> throw beingEnded();
            case COMPLETE_COMMIT, COMPLETE_ABORT -> {
                requireEpoch(same || afterBump || afterLastId, now);
                boolean committed = now.state() == TransactionState.COMPLETE_COMMIT;
                yield afterBump || afterLastId
                        ? repeated(now, committed ? TransactionResult.COMMIT : TransactionResult.ABORT)
                        : abortedEmpty(now, freshId, nowMs);
            }
            case EMPTY -> {
                requireEpoch(same, now);
                yield abortedEmpty(now, freshId, nowMs);
            }
            case DEAD, PREPARE_EPOCH_FENCE -> throw nothingToEnd(now);
        };
    }

    /** The producer may have begun without the coordinator's hearing of it; the bump makes sure that nothing of it can come later. */
    private Change<Producer> abortedEmpty(Transaction now, LongSupplier freshId, long nowMs) {
        if (result == TransactionResult.COMMIT) {
            throw nothingToEnd(now);
        }
        return bumped(now, TransactionResult.ABORT, freshId, nowMs);
    }

    private static Change<Producer> bumped(
            Transaction now, TransactionResult result, LongSupplier freshId, long nowMs) {
        long nextId = now.producer().isExhausted() ? freshId.getAsLong() : RecordBatch.NO_PRODUCER_ID;
        return ended(now.preparedWithBump(result, nextId, nowMs));
    }

    private static Change<Producer> ended(Transaction prepared) {
        return new Change<>(prepared, prepared.successor());
    }

    private Change<Producer> repeated(Transaction now, TransactionResult was) {
        if (result != was) {
            throw nothingToEnd(now);
        }
        return Change.unchanged(now.producer());
    }

    private static ConcurrentTransactionsException beingEnded() {
        return new ConcurrentTransactionsException("the last transaction of this id is being ended already");
    }

    private InvalidTxnStateException nothingToEnd(Transaction now) {
        return new InvalidTxnStateException(
                "a transaction in state " + now.state().label() + " cannot be ended with " + result);
    }

    private void requireId(boolean mine) {
        if (!mine) {
            throw new InvalidPidMappingException(
                    "producer id " + producer.id() + " does not belong to this transactional id");
        }
    }

    private void requireEpoch(boolean valid, Transaction now) {
        if (!valid) {
            throw new ProducerFencedException("epoch " + producer.epoch() + " of producer " + producer.id()
                    + " is not the present one, which is " + now.producer().epoch());
        }
    }
}
