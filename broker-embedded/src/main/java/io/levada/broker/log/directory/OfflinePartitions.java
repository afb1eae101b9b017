/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions of a directory that have no log to serve from, and what the checkpoints know of them. Safe to use from any thread. */
final class OfflinePartitions {
    private static final Logger LOGGER = LoggerFactory.getLogger(OfflinePartitions.class);

    private final Path directory;
    private final Map<TopicPartition, OfflinePartition> offline = new ConcurrentHashMap<>();
    /** What checkpoints know of folders that are not there; it is kept until the topics tell which of them should be. */
    private volatile Map<TopicPartition, OfflinePartition.Known> notedWithoutFolder = Map.of();

    OfflinePartitions(Path directory) {
        this.directory = directory;
    }

    void add(OfflinePartition partition) {
        offline.put(partition.partition(), partition);
    }

    /** Whether it was there. */
    boolean remove(TopicPartition partition) {
        return offline.remove(partition) != null;
    }

    Optional<OfflinePartition> find(TopicPartition partition) {
        return Optional.ofNullable(offline.get(partition));
    }

    boolean contains(TopicPartition partition) {
        return offline.containsKey(partition);
    }

    /** As they are at any time. */
    Set<TopicPartition> partitions() {
        return Collections.unmodifiableSet(offline.keySet());
    }

    Collection<OfflinePartition> all() {
        return List.copyOf(offline.values());
    }

    /** What the checkpoints know of partitions whose folders were not found. */
    void noteWithoutFolder(Map<TopicPartition, OfflinePartition.Known> noted) {
        notedWithoutFolder = noted;
    }

    /** All that should be there is: what checkpoints know of other folders is of topics that are no more. */
    void forgetWithoutFolder() {
        notedWithoutFolder = Map.of();
    }

    /** {@link LogDirectory#missing}. */
    void missing(TopicPartition partition, Path folder, Uuid topicId) {
        boolean isForeign = Files.exists(folder);
        String reason = "the folder " + folder
                + (isForeign ? " is another topic's, and could not be put aside" : " is missing");
        OfflinePartition.Known known = notedWithoutFolder.getOrDefault(partition, new OfflinePartition.Known(-1, 0));
        add(new OfflinePartition(partition, topicId, reason, known));
        LOGGER.atError()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("error", reason)
                .log(
                        isForeign
                                ? "partition is offline; move that folder away, put its own there if there is one, and restart"
                                : "partition is offline; put its folder back and restart, or delete the topic, or make an"
                                        + " empty folder of it: 'levada storage repair " + directory + " --topic "
                                        + partition.topic() + " --partition " + partition.partition() + "'");
    }

    /** Those, and the partitions that checkpoints know and nobody has looked for yet: what is known of all of them must be kept. */
    Collection<OfflinePartition> withoutLog() {
        List<OfflinePartition> all = new ArrayList<>(offline.values());
        notedWithoutFolder.forEach((partition, known) -> {
            if (!contains(partition)) {
                all.add(new OfflinePartition(partition, Uuid.ZERO_UUID, "its folder is missing", known));
            }
        });
        return all;
    }
}
