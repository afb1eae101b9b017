/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.produce;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.protocol.Errors;

/** What a producer is told when the transaction coordinator does not admit a batch: the coordinator's words are for those who ask it themselves. */
final class TransactionErrors {
    private static final short FIRST_WITH_ABORTABLE = 11;
    private static final short FIRST_WITH_IMPLICIT_ADD = 12;

    private TransactionErrors() {}

    /** Whether producing adds the partition to the transaction (KIP-890, transaction version 2). */
    static boolean addsPartitions(short version) {
        return version >= FIRST_WITH_IMPLICIT_ADD;
    }

    static ApiException forProducers(ApiException failure, short version) {
        return switch (Errors.forException(failure)) {
            case PRODUCER_FENCED -> new InvalidProducerEpochException(failure.getMessage());
            case TRANSACTION_ABORTABLE ->
                version >= FIRST_WITH_ABORTABLE ? failure : new InvalidTxnStateException(failure.getMessage());
            case CONCURRENT_TRANSACTIONS -> addsPartitions(version) ? failure : comeAgain(failure);
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> comeAgain(failure);
            default -> failure;
        };
    }

    /** An error that every producer answers by sending the batch again, without looking for another leader. */
    private static ApiException comeAgain(ApiException failure) {
        return new NotEnoughReplicasException(
                "it could not be verified that the partition is in the transaction: " + failure.getMessage());
    }
}
