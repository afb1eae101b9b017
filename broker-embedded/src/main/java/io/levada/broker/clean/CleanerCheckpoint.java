/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Up to where each partition was cleaned, in Kafka's {@code cleaner-offset-checkpoint}. A file that is lost or old costs work and
 * nothing else. Safe to use from several threads.
 */
final class CleanerCheckpoint {
    private final LogDirectory directory;
    private final Map<TopicPartition, Cleaned> cleaned = new ConcurrentHashMap<>();

    /** A topic of the same name that was made anew has another id. */
    private record Cleaned(Uuid topicId, long offset) {}

    /** Reads the file. To be made before anything is appended: where recovery has cut a log, an offset past its end means nothing. */
    CleanerCheckpoint(LogDirectory directory) {
        this.directory = directory;
        Map<TopicPartition, Long> read = directory.cleanedOffsets();
        for (PartitionLog log : directory.logs()) {
            Long offset = read.get(log.partition());
            if (offset != null && offset <= log.logEndOffset()) {
                cleaned.put(log.partition(), new Cleaned(log.topicId(), offset));
            }
        }
    }

    long of(PartitionLog log) {
        Cleaned known = cleaned.get(log.partition());
        return known == null || !known.topicId.equals(log.topicId()) ? 0 : known.offset;
    }

    /** Notes the end of a pass, on disk on return. */
    synchronized void reached(PartitionLog log, long offset) {
        cleaned.put(log.partition(), new Cleaned(log.topicId(), offset));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        cleaned.forEach((partition, each) -> directory
                .log(partition)
                .filter(present -> present.topicId().equals(each.topicId))
                .ifPresent(present -> offsets.put(partition, each.offset)));
        cleaned.keySet().retainAll(offsets.keySet());
        directory.checkpointCleaned(offsets);
    }
}
