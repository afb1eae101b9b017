/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** All groups and all committed offsets. Changes reach it through {@link GroupRecords.Replay}, live and at start. Owned by the coordinator thread. */
final class Groups implements GroupRecords.Replay {
    private final Map<String, Group> groups = new TreeMap<>();
    private final Map<String, Map<TopicPartition, CommittedOffset>> offsets = new HashMap<>();

    @Override
    public void offset(String group, TopicPartition partition, @Nullable CommittedOffset offset) {
        if (offset != null) {
            findOrCreate(group);
            offsets.computeIfAbsent(group, id -> new HashMap<>()).put(partition, offset);
            return;
        }
        Map<TopicPartition, CommittedOffset> present = offsets.get(group);
        if (present != null) {
            present.remove(partition);
        }
    }

    @Override
    public void group(String group, @Nullable StoredGroup stored) {
        if (stored != null) {
            groups.put(group, Group.restored(group, stored));
        } else {
            groups.remove(group);
            offsets.remove(group);
        }
    }

    Collection<Group> all() {
        return List.copyOf(groups.values());
    }

    Optional<Group> find(String group) {
        return Optional.ofNullable(groups.get(group));
    }

    Group existing(String group) {
        return find(group).orElseThrow(() -> new GroupIdNotFoundException("there is no group '" + group + "'"));
    }

    Group findOrCreate(String group) {
        return groups.computeIfAbsent(group, Group::new);
    }

    /** Drops a group that nothing was stored about. */
    void forget(Group group) {
        groups.remove(group.id(), group);
    }

    Map<TopicPartition, CommittedOffset> offsets(String group) {
        return Map.copyOf(offsets.getOrDefault(group, Map.of()));
    }

    Optional<CommittedOffset> offset(String group, TopicPartition partition) {
        return Optional.ofNullable(offsets.getOrDefault(group, Map.of()).get(partition));
    }
}
