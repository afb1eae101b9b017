/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Spreads connectors and tasks over members, each kind by itself: everything once, counts at most one apart, and nothing
 * moved that may stay (KIP-415).
 */
public final class Assignor {
    private Assignor() {}

    /**
     * The next assignment.
     *
     * @param members all members of the group, at least one
     * @param previous what members ran before; members and work that are gone count for nothing
     */
    public static SortedMap<String, Share> assign(
            Collection<String> members, ClusterConfig config, Map<String, Share> previous) {
        Share all = Share.of(config);
        Map<String, SortedSet<ConnectorName>> byConnector =
                spread(members, all.connectors(), previous, Share::connectors);
        Map<String, SortedSet<TaskId>> byTask = spread(members, all.tasks(), previous, Share::tasks);
        SortedMap<String, Share> assignment = new TreeMap<>();
        for (String member : members) {
            assignment.put(
                    member,
                    new Share(
                            byConnector.getOrDefault(member, new TreeSet<>()),
                            byTask.getOrDefault(member, new TreeSet<>())));
        }
        return assignment;
    }

    private static <T extends Comparable<T>> Map<String, SortedSet<T>> spread(
            Collection<String> members,
            SortedSet<T> work,
            Map<String, Share> previous,
            Function<Share, SortedSet<T>> kind) {
        Map<String, SortedSet<T>> spread = new LinkedHashMap<>();
        SortedSet<T> open = new TreeSet<>(work);
        for (String member : new TreeSet<>(members)) {
            SortedSet<T> kept = new TreeSet<>(kind.apply(previous.getOrDefault(member, Share.NONE)));
            kept.retainAll(open);
            open.removeAll(kept);
            spread.put(member, kept);
        }
        open.addAll(trim(spread, work.size()));
        fill(spread.values(), open);
        return spread;
    }

    /**
     * Takes from members what is more than their fair share, of which the first {@code remainder} may keep one more.
     *
     * @param total of what there is of the kind, whoever has it
     * @return what was taken
     */
    static <T extends Comparable<T>> Set<T> trim(Map<String, SortedSet<T>> spread, int total) {
        Set<T> taken = new TreeSet<>();
        int fair = total / spread.size();
        int mayKeepMore = total % spread.size();
        List<SortedSet<T>> fullestFirst = spread.values().stream()
                .sorted((one, other) -> Integer.compare(other.size(), one.size()))
                .toList();
        for (SortedSet<T> kept : fullestFirst) {
            int limit = mayKeepMore > 0 && kept.size() > fair ? fair + 1 : fair;
            if (limit > fair) {
                mayKeepMore--;
            }
            while (kept.size() > limit) {
                T moved = kept.last();
                kept.remove(moved);
                taken.add(moved);
            }
        }
        return taken;
    }

    /** Gives each to who has least at that moment. */
    static <T extends Comparable<T>> void fill(Collection<SortedSet<T>> members, SortedSet<T> open) {
        for (T item : open) {
            members.stream()
                    .min((one, other) -> Integer.compare(one.size(), other.size()))
                    .orElseThrow(() -> new IllegalArgumentException("a group has at least one member"))
                    .add(item);
        }
    }
}
