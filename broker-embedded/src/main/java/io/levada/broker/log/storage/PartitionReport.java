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
    /** Whether a repair can do something. */
    public boolean isRepairable() {
        return problems.stream().anyMatch(StorageProblem::isRepairable);
    }

    /** Whether there is something that no repair can do anything about. */
    public boolean isUnusable() {
        return problems.stream().anyMatch(problem -> problem.kind() == StorageProblem.Kind.UNUSABLE);
    }

    /** Whether the folder is gone. */
    public boolean isFolderMissing() {
        return problems.stream().anyMatch(problem -> problem.kind() == StorageProblem.Kind.NO_FOLDER);
    }

    /** Whether records are damaged or missing. */
    public boolean isDamaged() {
        return problems.stream().anyMatch(StorageProblem::isDamage);
    }
}
