/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes and removes a topic's folders together with its file, in an order that leaves the topic whole or gone wherever a crash comes:
 * <pre>
 *   create   file says "creating"   folders, each with the topic's id   file says "live"
 *   grow     file says "growing.to"  folders                             file says the new number
 *   delete   file says "deleting"    folders go                          file goes
 * </pre>
 * A step that fails is taken back at once, so that the same can be tried again. Owned by the thread of {@link Topics}.
 */
final class TopicFolders {
    private final LogDirectory logs;
    private final TopicStore store;

    TopicFolders(LogDirectory logs, TopicStore store) {
        this.logs = logs;
        this.store = store;
    }

    /** On return the topic is on disk with all its partitions; after an exception nothing of it is. */
    void create(Topic topic, LogConfig config) {
        removeAll(topic.name()); // a deletion of its namesake may have failed half way
        try {
            store.intend(topic);
            logs.createAll(partitions(topic, 0), topic.id(), config);
            store.save(topic);
        } catch (RuntimeException e) {
            takeBack(topic, e);
            throw e;
        }
    }

    /** The file first: it may say "live" already, and a live topic without folders has lost its records. */
    private void takeBack(Topic topic, RuntimeException reason) {
        try {
            store.remove(topic);
            removeAll(topic.name());
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** On return the topic has its new partitions; after an exception it has the old ones. */
    void grow(Topic topic, Topic grown, LogConfig config) {
        try {
            store.intendGrowth(topic, grown.partitions());
            logs.createAll(partitions(grown, topic.partitions()), topic.id(), config);
            store.save(grown);
        } catch (RuntimeException e) {
            shrink(topic, grown.partitions(), e);
            throw e;
        }
    }

    private void shrink(Topic topic, int grownTo, RuntimeException reason) {
        try {
            undoGrowth(topic, grownTo);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** Removes the partitions that a topic was to get. */
    void undoGrowth(Topic topic, int grownTo) {
        store.save(topic);
        for (int partition = topic.partitions(); partition < grownTo; partition++) {
            logs.delete(new TopicPartition(topic.name(), partition));
        }
    }

    /** Removes folders and file; goes on where an earlier try ended. */
    void delete(Topic topic) {
        store.markDeleted(topic);
        finishDelete(topic);
    }

    void finishDelete(Topic topic) {
        removeAll(topic.name());
        store.remove(topic);
    }

    private void removeAll(String name) {
        logs.partitionsOf(name).forEach(logs::delete);
    }

    private static List<TopicPartition> partitions(Topic topic, int from) {
        return IntStream.range(from, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
    }
}
