/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

/** What a partition has its directory remember. */
public interface Checkpoints {
    /**
     * A segment was sealed and forced. That it can never be torn is on disk before anything after it is acknowledged. Where it cannot be written the
     * next start reads the segment once more, nothing worse, so an append need not fail for it.
     */
    void sealed();

    /**
     * On return every log start offset that was set before the call is on disk.
     *
     * @throws org.apache.kafka.common.errors.KafkaStorageException when it cannot be written
     */
    void writeLogStarts();
}
