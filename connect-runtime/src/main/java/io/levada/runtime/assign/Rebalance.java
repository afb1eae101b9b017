/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a leader says when its group agrees anew, as a pure function (KIP-415). Work goes to another member in two rounds: in the first it is
 * taken from whom it is with, in the next, when nobody says that he runs it, it is given. What a member that went has run waits for a
 * while for its return; members that come meanwhile take of it at once, up to their fair share.
 *
 * @param given to each member, besides what it keeps
 * @param revoked from each member, which is to stop it and then to join anew
 * @param after what each member has when it has done both
 * @param delayMs after which all members are to join anew, as work waits; 0 if none does
 * @param next what the leader remembers if the group takes this
 */
public record Rebalance(
        SortedMap<String, Share> given,
        SortedMap<String, Share> revoked,
        SortedMap<String, Share> after,
        int delayMs,
        Memory next) {
    /**
     * What a leader remembers of the last round that it led.
     *
     * @param assigned what each member had then
     * @param lost what waits for the return of a member that went
     * @param dueMs until when, by the clock that rounds are told; {@link #NOT_WAITING} if nothing waits
     */
    public record Memory(Map<String, Share> assigned, Share lost, long dueMs) {
        public static final long NOT_WAITING = -1;

        /** That of a leader that has led no round yet: whatever nobody has is given at once. */
        public static final Memory NONE = new Memory(Map.of(), Share.NONE, NOT_WAITING);

        public Memory {
            assigned = Map.copyOf(assigned);
        }
    }

    /**
     * One round.
     *
     * @param held what each member of the group says that it runs; at least one member
     * @param nowMs of a clock that does not go back
     * @param delayMaxMs for how long work of a member that went waits for its return
     */
    public static Rebalance of(
            Map<String, Share> held, ClusterConfig config, Memory memory, long nowMs, long delayMaxMs) {
        Share all = Share.of(config);
        Held<ConnectorName> connectors = Held.of(all.connectors(), held, memory, Share::connectors);
        Held<TaskId> tasks = Held.of(all.tasks(), held, memory, Share::tasks);
        long dueMs = due(connectors.isMissing() || tasks.isMissing(), memory.dueMs, nowMs, delayMaxMs);
        if (dueMs != Memory.NOT_WAITING) {
            Set<String> newcomers = new TreeSet<>(held.keySet());
            newcomers.removeAll(memory.assigned.keySet());
            newcomers.removeIf(member -> !held.getOrDefault(member, Share.NONE).isEmpty());
            connectors.giveMissingTo(newcomers);
            tasks.giveMissingTo(newcomers);
            if (!connectors.isMissing() && !tasks.isMissing()) {
                dueMs = Memory.NOT_WAITING;
            }
        }
        if (dueMs == Memory.NOT_WAITING) {
            connectors.balance();
            tasks.balance();
        }
        connectors.giveFree();
        tasks.giveFree();
        return together(held.keySet(), connectors, tasks, dueMs, nowMs);
    }

    /** One in which all members have stopped all they ran: what was with a member goes back to it where that is fair. */
    public static Rebalance ofAll(Collection<String> members, ClusterConfig config, Memory memory) {
        SortedMap<String, Share> given = Assignor.assign(members, config, memory.assigned);
        return new Rebalance(given, new TreeMap<>(), given, 0, new Memory(given, Share.NONE, Memory.NOT_WAITING));
    }

    private static long due(boolean missing, long dueMs, long nowMs, long delayMaxMs) {
        if (!missing) {
            return Memory.NOT_WAITING;
        }
        long due = dueMs == Memory.NOT_WAITING ? nowMs + delayMaxMs : dueMs;
        return due <= nowMs ? Memory.NOT_WAITING : due;
    }

    private static Rebalance together(
            Set<String> members, Held<ConnectorName> connectors, Held<TaskId> tasks, long dueMs, long nowMs) {
        SortedMap<String, Share> given = new TreeMap<>();
        SortedMap<String, Share> revoked = new TreeMap<>();
        SortedMap<String, Share> after = new TreeMap<>();
        for (String member : members) {
            Share now = new Share(connectors.now(member), tasks.now(member));
            Share before = new Share(connectors.before(member), tasks.before(member));
            given.put(member, now.without(before));
            revoked.put(member, before.without(now));
            after.put(member, now);
        }
        Share lost = new Share(connectors.missing(), tasks.missing());
        int delayMs = dueMs == Memory.NOT_WAITING ? 0 : Math.toIntExact(dueMs - nowMs);
        return new Rebalance(given, revoked, after, delayMs, new Memory(after, lost, dueMs));
    }
}
