/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

/**
 * What a partition tells of one producer (KIP-664).
 *
 * @param lastSequence the sequence of its last record in this epoch, or -1
 * @param lastTimestampMs the largest timestamp of its last batch
 * @param coordinatorEpoch the epoch of the coordinator that wrote its last marker, or -1
 * @param openTransactionOffset the first offset of its open transaction, or -1
 */
public record ProducerDescription(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastTimestampMs,
        int coordinatorEpoch,
        long openTransactionOffset) {}
