/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

/** How the epochs of a transactional producer come about. */
public enum TransactionVersion {
    /** All transactions of a producer's life have one epoch. */
    BEFORE_2,
    /** Each transaction ends with a marker of the next epoch (KIP-890), so that what belongs to an earlier one is told apart. */
    BUMPS_EPOCHS
}
