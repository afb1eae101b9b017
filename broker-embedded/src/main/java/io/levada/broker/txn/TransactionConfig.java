/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.time.Duration;

/**
 * Limits of the transaction coordinator, each under Kafka's name.
 *
 * @param partitions {@code transaction.state.log.num.partitions}, used when {@code __transaction_state} is made
 * @param segmentBytes {@code transaction.state.log.segment.bytes}
 * @param timeoutMax {@code transaction.max.timeout.ms}: the longest a producer may ask for
 * @param idExpiration {@code transactional.id.expiration.ms}: after how long without use an id is forgotten
 * @param timeoutInterval how often transactions past their time are looked for
 * @param expirationInterval how often ids past theirs are looked for
 */
public record TransactionConfig(
        int partitions,
        int segmentBytes,
        Duration timeoutMax,
        Duration idExpiration,
        Duration timeoutInterval,
        Duration expirationInterval) {}
