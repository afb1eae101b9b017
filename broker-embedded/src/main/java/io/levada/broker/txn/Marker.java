/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import org.apache.kafka.common.requests.TransactionResult;

/**
 * What is written to each partition of a transaction to end it.
 *
 * @param producer whose transaction it is; a partition that has seen a newer epoch refuses it
 * @param coordinatorEpoch of the coordinator that decided, by which a partition knows an outdated one
 */
public record Marker(Producer producer, int coordinatorEpoch, TransactionResult result) {
    /** The same from a coordinator of another epoch. */
    Marker from(int epoch) {
        return new Marker(producer, epoch, result);
    }
}
