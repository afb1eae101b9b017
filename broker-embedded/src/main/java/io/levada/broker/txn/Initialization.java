/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * InitProducerId with a transactional id: makes the asking producer its only holder.
 *
 * @param timeoutMs how long its transactions may take
 * @param held what the producer has already and wants bumped (KIP-360); empty for one that starts
 */
record Initialization(int timeoutMs, Optional<Producer> held) {
    /**
     * Decides; the reply is empty where an open transaction has to be aborted first, and the producer must ask again.
     *
     * @param freshId gives a producer id that was never used
     * @throws ProducerFencedException when another producer holds the id by now
     * @throws ConcurrentTransactionsException while the last transaction is being ended
     */
    Change<Optional<Producer>> decide(@Nullable Transaction now, LongSupplier freshId, long nowMs) {
        if (now == null) {
            Transaction begun = Transaction.begun(freshId.getAsLong(), timeoutMs, nowMs);
            return new Change<>(begun, Optional.of(begun.producer()));
        }
        if (now.state().isPrepared()) {
            throw new ConcurrentTransactionsException("the last transaction of this id is being ended");
        }
        if (now.state() == TransactionState.ONGOING) {
            requireHolder(now);
            // The epoch that fences is told to nobody: the producer asks again and gets the next one.
            return new Change<>(now.fenced(nowMs), Optional.empty());
        }
        Producer given = successor(now, freshId);
        Transaction handed = now.handedTo(given, held.isPresent(), timeoutMs, nowMs);
        return new Change<>(handed, Optional.of(given));
    }

    private void requireHolder(Transaction now) {
        if (held.isPresent() && !held.get().equals(now.producer())) {
            throw fenced(now);
        }
    }

    private Producer successor(Transaction now, LongSupplier freshId) {
        if (held.isPresent() && isRepetition(now, held.get())) {
            return now.producer();
        }
        requireHolder(now);
        return now.producer().isExhausted()
                ? new Producer(freshId.getAsLong(), (short) 0)
                : now.producer().next();
    }

    /** The answer was lost: what the producer has is what its own last request replaced. */
    private static boolean isRepetition(Transaction now, Producer held) {
        boolean sameId = held.id() == now.producer().id();
        boolean usedUpId = held.id() == now.previousProducerId() && held.isExhausted();
        return (sameId || usedUpId) && held.epoch() == now.lastEpoch();
    }

    private static ProducerFencedException fenced(Transaction now) {
        return new ProducerFencedException("there is a newer producer with this transactional id, its epoch is "
                + now.producer().epoch());
    }
}
