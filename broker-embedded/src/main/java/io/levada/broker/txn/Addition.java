/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that a producer is about to write to within its transaction: the first ones begin it.
 *
 * @param version the transaction version of the client
 */
record Addition(Producer producer, Set<TopicPartition> partitions, short version) {
    Addition {
        partitions = Set.copyOf(partitions);
    }

    /** Adds what is not in the transaction yet. */
    Change<Boolean> decide(@Nullable Transaction now, long nowMs) {
        Transaction present = requireHeld(now);
        boolean known = present.state() == TransactionState.ONGOING
                && present.partitions().containsAll(partitions);
        return known ? Change.unchanged(true) : new Change<>(present.withPartitions(partitions, version, nowMs), true);
    }

    /** Only looks whether they are in the transaction (KIP-890). */
    Map<TopicPartition, Errors> verify(@Nullable Transaction now) {
        Transaction present = requireHeld(now);
        Map<TopicPartition, Errors> answers = new HashMap<>();
        partitions.forEach(partition -> answers.put(
                partition, present.partitions().contains(partition) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE));
        return answers;
    }

    private Transaction requireHeld(@Nullable Transaction now) {
        if (now == null) {
            throw new InvalidPidMappingException("the transactional id is not known here; it may have expired");
        }
        // Before the producer is looked at: it may have been told the id that it gets when the last transaction is
        // complete.
        if (now.state().isPrepared()) {
            throw new ConcurrentTransactionsException("the last transaction of this id is being ended");
        }
        if (now.producer().id() != producer.id()) {
            throw new InvalidPidMappingException(
                    "producer id " + producer.id() + " does not belong to this transactional id");
        }
        if (now.producer().epoch() != producer.epoch()) {
            throw new ProducerFencedException("epoch " + producer.epoch() + " of producer " + producer.id()
                    + " is not the present one, which is " + now.producer().epoch());
        }
        return now;
    }
}
