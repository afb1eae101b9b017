/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import io.levada.broker.log.PartitionLog;

/**
 * Leave to begin a transaction in a partition (KIP-890). It is asked for with {@link PartitionLog#admit} before the transaction coordinator is asked
 * whether the partition is in the transaction, and handed in with the batch: it is void once a marker was written meanwhile, so that a batch which was
 * under way for long cannot begin a transaction that nobody will end. Compared by identity.
 */
public final class Admission {
    private final short producerEpoch;
    private final boolean bumpsEpochs;
    private final long askedMs;
    private int lowestSequence;

    Admission(short producerEpoch, int baseSequence, boolean bumpsEpochs, long nowMs) {
        this.producerEpoch = producerEpoch;
        this.lowestSequence = baseSequence;
        this.bumpsEpochs = bumpsEpochs;
        this.askedMs = nowMs;
    }

    short producerEpoch() {
        return producerEpoch;
    }

    /** Whether the producer gets a new epoch with each transaction, so that its first batch in a partition has sequence 0. */
    boolean bumpsEpochs() {
        return bumpsEpochs;
    }

    /** The first of the batches that wait for this admission: none may overtake it. */
    int lowestSequence() {
        return lowestSequence;
    }

    void covers(int baseSequence) {
        lowestSequence = Math.min(lowestSequence, baseSequence);
    }

    boolean isExpired(long nowMs, long expirationMs) {
        return nowMs - askedMs >= expirationMs;
    }
}
