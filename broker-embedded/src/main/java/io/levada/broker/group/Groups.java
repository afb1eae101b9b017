/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/** All groups. Owned by the coordinator thread. */
final class Groups {
    private final Map<String, Group> groups = new TreeMap<>();

    /** A group is now as given, or, if null, gone. */
    void replay(String group, @Nullable StoredGroup stored) {
        if (stored != null) {
            findOrCreate(group).replay(stored);
        } else {
            groups.remove(group);
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

    /** The group that a member speaks to. */
    Group ofMember(String group) {
        if (group.isEmpty()) {
            throw new InvalidGroupIdException("the group id is empty");
        }
        return find(group).orElseThrow(() -> new UnknownMemberIdException("there is no group '" + group + "'"));
    }

    Group findOrCreate(String group) {
        return groups.computeIfAbsent(group, Group::new);
    }

    /** Drops a group that nothing was stored about. */
    void forget(Group group) {
        groups.remove(group.id(), group);
    }

    /** Drops what is no longer served. */
    void forget(Predicate<String> ids) {
        groups.keySet().removeIf(ids);
    }
}
