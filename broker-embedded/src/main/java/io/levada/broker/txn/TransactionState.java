/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.requests.TransactionResult;

/**
 * Where a transactional id stands (KIP-98, KIP-890).
 *
 * <pre>
 *            +--------------- InitProducerId ----------------+
 *            v                                               |
 *          Empty --- AddPartitions ---> Ongoing <--- AddPartitions --- Complete*
 *            |                            |                  ^
 *            |  EndTxn(abort), version 2  | EndTxn, time-out, fencing
 *            +------------> PrepareAbort, PrepareCommit -----+
 *                                            all markers written
 * </pre>
 *
 * {@code Dead} and {@code PrepareEpochFence} exist in Kafka's list for the moment between a decision and its record. Here that moment does not exist: an
 * expired id is removed by one record and an epoch is fenced by the record that prepares the abort, so neither is ever stored.
 */
enum TransactionState {
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort"),
    DEAD(6, "Dead"),
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private final byte id;
    private final String label;

    TransactionState(int id, String label) {
        this.id = (byte) id;
        this.label = label;
    }

    /** The number that stands in {@code __transaction_state}. */
    byte id() {
        return id;
    }

    /** The name that administrators see. */
    String label() {
        return label;
    }

    static Optional<TransactionState> ofId(byte id) {
        return Arrays.stream(values()).filter(state -> state.id == id).findFirst();
    }

    static Optional<TransactionState> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label.equals(label))
                .findFirst();
    }

    static TransactionState prepared(TransactionResult result) {
        return result == TransactionResult.COMMIT ? PREPARE_COMMIT : PREPARE_ABORT;
    }

    /** Whether the end is decided, and markers are being written. */
    boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** Whether nothing is open: a transaction can begin, the id can expire. */
    boolean isIdle() {
        return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }

    boolean mayBecome(TransactionState next) {
        return switch (next) {
            case EMPTY -> isIdle();
            case ONGOING -> isIdle() || this == ONGOING;
            case PREPARE_COMMIT -> this == ONGOING;
            // With transaction version 2 a producer may abort what it never told the coordinator of.
            case PREPARE_ABORT -> this == ONGOING || isIdle();
            case COMPLETE_COMMIT -> this == PREPARE_COMMIT;
            case COMPLETE_ABORT -> this == PREPARE_ABORT;
            case DEAD, PREPARE_EPOCH_FENCE -> false;
        };
    }
}
