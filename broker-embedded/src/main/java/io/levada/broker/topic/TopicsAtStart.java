/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OfflinePartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out at a start which topics there are: goes on with what a crash interrupted, and sees to it that every topic is served from folders of its own
 * and no others. No folder that may hold a record is removed; one that belongs to no topic is put aside and told.
 */
final class TopicsAtStart {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicsAtStart.class);

    private final LogDirectory logs;
    private final TopicStore store;
    private final TopicFolders folders;
    private final TakeOver takeOver;
    private TopicCatalog catalog = TopicCatalog.EMPTY;
    /** Topics that are to be looked at again: their folders are neither without a topic nor somebody else's. */
    private final Set<String> unsettled = new HashSet<>();

    TopicsAtStart(LogDirectory logs, TopicStore store, TopicFolders folders, Path dataDir, TopicDefaults defaults) {
        this.logs = logs;
        this.store = store;
        this.folders = folders;
        this.takeOver = new TakeOver(dataDir, logs.nodeId(), defaults);
    }

    TopicCatalog load() {
        List<TopicStore.Stored> stored = store.load();
        boolean isFirst = stored.isEmpty() || store.isTakingOver();
        stored.forEach(this::settle);
        Map<String, List<TopicPartition>> unknown = foldersWithoutTopic();
        if (!unknown.isEmpty()) {
            takeOver(unknown, isFirst);
        }
        if (store.isTakingOver()) {
            store.endTakeOver();
        }
        logs.topicsAreKnown();
        return catalog;
    }

    /** One topic's failure keeps no other from being served. */
    private void settle(TopicStore.Stored stored) {
        Topic topic = stored.topic();
        switch (stored.state()) {
            case CREATING, DELETING -> trying(topic, () -> folders.finishDelete(topic));
            case LIVE -> {
                if (stored.growingTo() > topic.partitions()) {
                    trying(topic, () -> folders.undoGrowth(topic, stored.growingTo()));
                }
                serve(topic);
            }
        }
    }

    private void trying(Topic topic, Runnable finish) {
        try {
            finish.run();
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .setCause(e)
                    .addKeyValue("topic", topic.name())
                    .log("what a crash interrupted could not be finished, the next start tries again");
            unsettled.add(topic.name());
        }
    }

    private void serve(Topic topic) {
        catalog = catalog.with(topic);
        for (TopicPartition partition : logs.partitionsOf(topic.name())) {
            Uuid found = idOf(partition);
            if (!found.equals(topic.id()) && !found.equals(Uuid.ZERO_UUID)) {
                trying(
                        topic,
                        () -> putAside(
                                partition,
                                "it belongs to a topic with the id " + found + ", this one has " + topic.id()));
            } else if (!topic.hasPartition(partition.partition())) {
                trying(topic, () -> putAside(partition, "the topic has " + topic.partitions() + " partitions"));
            }
        }
        for (int partition = 0; partition < topic.partitions(); partition++) {
            TopicPartition served = new TopicPartition(topic.name(), partition);
            if (!logs.exists(served)) {
                logs.missing(served, topic.id());
            }
        }
    }

    private Uuid idOf(TopicPartition partition) {
        return logs.log(partition)
                .map(PartitionLog::topicId)
                .or(() -> logs.offline(partition).map(OfflinePartition::topicId))
                .orElse(Uuid.ZERO_UUID);
    }

    private void putAside(TopicPartition partition, String reason) {
        if (logs.log(partition).filter(TopicsAtStart::isLeftOfACreation).isPresent()) {
            logs.delete(partition);
            return;
        }
        Path aside = logs.putAside(partition);
        LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("movedTo", aside)
                .addKeyValue("error", reason)
                .log("folder of no topic put aside; remove it if its records are not wanted");
    }

    /** Never written to, and made by a broker: one that was taken back. A folder without an id is somebody else's. */
    private static boolean isLeftOfACreation(PartitionLog log) {
        return log.logEndOffset() == 0 && !log.topicId().equals(Uuid.ZERO_UUID);
    }

    private Map<String, List<TopicPartition>> foldersWithoutTopic() {
        Map<String, List<TopicPartition>> unknown = new TreeMap<>();
        logs.partitions().stream()
                .filter(partition ->
                        catalog.find(partition.topic()).isEmpty() && !unsettled.contains(partition.topic()))
                .forEach(partition -> unknown.computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                        .add(partition));
        return unknown;
    }

    /** Topic by topic, each with one atomic write, under a mark that makes a start after a crash go on where this one ended. */
    private void takeOver(Map<String, List<TopicPartition>> unknown, boolean isFirst) {
        if (isFirst) {
            store.beginTakeOver();
        }
        unknown.forEach((name, all) -> {
            List<TopicPartition> partitions = withoutTooHigh(all);
            if (partitions.isEmpty()) {
                return;
            }
            Found found = found(name, partitions);
            Optional<Topic> topic = takeOver.topic(found, isFirst, store.wasDamaged(name));
            topic.ifPresentOrElse(
                    taken -> {
                        store.save(taken);
                        serve(taken);
                        LOGGER.atInfo()
                                .addKeyValue("topic", name)
                                .addKeyValue("partitions", taken.partitions())
                                .addKeyValue("configs", taken.configs())
                                .log(
                                        store.wasDamaged(name)
                                                ? "topic made anew from its folders, without its settings"
                                                : "topic of another broker taken over");
                    },
                    () -> partitions.forEach(partition -> putAside(partition, "there is no topic of that name")));
        });
    }

    /** A topic has all partitions up to its last one: a folder with the number of none that could be must not make it one of as many. */
    private List<TopicPartition> withoutTooHigh(List<TopicPartition> folders) {
        List<TopicPartition> usable = new ArrayList<>();
        for (TopicPartition folder : folders) {
            if (folder.partition() < Topic.PARTITIONS_MAX) {
                usable.add(folder);
            } else {
                putAside(folder, "a topic has " + Topic.PARTITIONS_MAX + " partitions at most");
            }
        }
        return usable;
    }

    /**
     * Folders that belong together.
     *
     * @param id the id in the first of them that has one
     * @param partitions how many there must be, as the last one is there
     */
    record Found(String name, Uuid id, int partitions) {}

    private Found found(String name, List<TopicPartition> partitions) {
        Uuid id = partitions.stream()
                .map(this::idOf)
                .filter(known -> !known.equals(Uuid.ZERO_UUID))
                .findFirst()
                .orElse(Uuid.ZERO_UUID);
        int count = 1
                + partitions.stream().mapToInt(TopicPartition::partition).max().orElse(0);
        return new Found(name, id, count);
    }
}
