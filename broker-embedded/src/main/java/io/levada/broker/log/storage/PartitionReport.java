/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What a check found in a partition's folder.
 *
 * @param topicId of its topic; zero where nothing beside the folder tells
 * @param batches how many are whole
 * @param bytes size of its log files
 * @param endOffset the offset after the last whole batch
 */
public record PartitionReport(
        TopicPartition partition,
        Uuid topicId,
        long segments,
        long batches,
        long bytes,
        long endOffset,
        List<StorageProblem> problems) {
    /** Whether records are damaged or missing. */
    public boolean isDamaged() {
        return problems.stream().anyMatch(StorageProblem::isDamage);
    }
}
