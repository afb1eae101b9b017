/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** All topics at one moment, in the order of their names. Immutable. */
public final class TopicCatalog {
    static final TopicCatalog EMPTY = new TopicCatalog(new TreeMap<>());
    private final SortedMap<String, Topic> byName;
    private final Map<Uuid, Topic> byId = new HashMap<>();

    private TopicCatalog(SortedMap<String, Topic> byName) {
        this.byName = byName;
        byName.values().forEach(topic -> byId.put(topic.id(), topic));
    }

    public Optional<Topic> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Optional<Topic> find(Uuid id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<Topic> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    public int partitions() {
        return byName.values().stream().mapToInt(Topic::partitions).sum();
    }

    TopicCatalog with(Topic topic) {
        SortedMap<String, Topic> changed = new TreeMap<>(byName);
        changed.put(topic.name(), topic);
        return new TopicCatalog(changed);
    }

    TopicCatalog without(String name) {
        SortedMap<String, Topic> changed = new TreeMap<>(byName);
        changed.remove(name);
        return new TopicCatalog(changed);
    }
}
