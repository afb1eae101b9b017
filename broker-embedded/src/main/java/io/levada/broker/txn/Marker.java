/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.log.producers.TransactionVersion;
import org.apache.kafka.common.requests.TransactionResult;

/**
 * What is written to each partition of a transaction to end it.
 *
 * @param producer whose transaction it is; a partition that has seen a newer epoch refuses it
 * @param coordinatorEpoch of the coordinator that decided, by which a partition knows an outdated one
 * @param version how the producer's epoch came about, by which a partition knows a marker that comes after the next transaction began
 */
public record Marker(Producer producer, int coordinatorEpoch, TransactionResult result, TransactionVersion version) {
    /** What a transaction version (KIP-890), as it is stored and sent, says of epochs. */
    static TransactionVersion version(short number) {
        return number >= Transaction.VERSION_2 ? TransactionVersion.BUMPS_EPOCHS : TransactionVersion.BEFORE_2;
    }

    /** The same from a coordinator of another epoch. */
    Marker from(int epoch) {
        return new Marker(producer, epoch, result, version);
    }
}
