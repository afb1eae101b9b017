/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * A partition that could not be opened and is left as it was found, until an operator has seen to it.
 *
 * @param topicId the id in its folder, {@link Uuid#ZERO_UUID} where that cannot be read either
 * @param reason the file, the place in it, and what is wrong there
 * @param known what the checkpoints say of it, to be kept for the start after its repair
 */
public record OfflinePartition(TopicPartition partition, Uuid topicId, String reason, Known known) {

    /**
     * What the directory knew before it looked.
     *
     * @param recoveryPoint everything below was forced, -1 if nobody knows
     * @param logStartOffset everything below was deleted
     */
    public record Known(long recoveryPoint, long logStartOffset) {
        /** What is to be kept of it for a start that no longer knows of a clean stop, at which no log start was past the recovery point. */
        Known afterCleanStop() {
            return recoveryPoint >= 0 && logStartOffset > recoveryPoint ? new Known(recoveryPoint, 0) : this;
        }
    }

    /** What clients that ask for the partition are to be told. */
    public KafkaStorageException failure() {
        return new KafkaStorageException(partition + " is offline, its files are damaged; the broker's log says where");
    }
}
