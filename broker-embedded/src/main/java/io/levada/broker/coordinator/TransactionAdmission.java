/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** What the transaction coordinator answers before records of a transaction are appended anywhere (KIP-890). */
@FunctionalInterface
public interface TransactionAdmission {
    /**
     * Whether a producer may write to partitions in its present transaction.
     *
     * @param addMissing whether partitions that the transaction does not have yet become part of it (transaction version 2); otherwise they are refused
     * @return completes once the transaction has all of them, durably; fails with the error that the producer is to see
     */
    CompletableFuture<Void> admit(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            boolean addMissing);
}
