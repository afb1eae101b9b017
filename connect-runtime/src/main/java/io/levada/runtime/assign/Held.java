/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The work of one kind, connectors or tasks, in one round of a group: with whom it is, and with whom it is to be. Made and changed within one
 * call.
 */
final class Held<T extends Comparable<T>> {
    /** What members said that they run, also what is not to be run any more. */
    private final Map<String, SortedSet<T>> before;

    private final SortedMap<String, SortedSet<T>> now = new TreeMap<>();
    /** Nobody runs it, nor waits for anybody who might. */
    private final SortedSet<T> free;
    /** Nobody runs it; who ran it last has gone. */
    private final SortedSet<T> missing;

    private final int total;

    private Held(
            Map<String, SortedSet<T>> before,
            Map<T, String> keepers,
            SortedSet<T> free,
            SortedSet<T> missing,
            int total) {
        this.before = before;
        this.free = free;
        this.missing = missing;
        this.total = total;
        before.keySet().forEach(member -> now.put(member, new TreeSet<>()));
        keepers.forEach((item, member) -> at(now, member).add(item));
    }

    /**
     * As it is before anything is given or taken, but for what several members run: one of them keeps it.
     *
     * @param work all there is to run
     */
    static <T extends Comparable<T>> Held<T> of(
            SortedSet<T> work, Map<String, Share> held, Rebalance.Memory memory, Function<Share, SortedSet<T>> kind) {
        Map<String, SortedSet<T>> before = new HashMap<>();
        Map<T, String> keepers = new HashMap<>();
        new TreeMap<>(held).forEach((member, share) -> {
            SortedSet<T> own = kind.apply(share);
            SortedSet<T> remembered = kind.apply(memory.assigned().getOrDefault(member, Share.NONE));
            before.put(member, own);
            for (T item : own) {
                if (work.contains(item) && (!keepers.containsKey(item) || remembered.contains(item))) {
                    keepers.put(item, member);
                }
            }
        });
        Set<T> lost = new HashSet<>(kind.apply(memory.lost()));
        memory.assigned().forEach((member, share) -> {
            if (!held.containsKey(member)) {
                lost.addAll(kind.apply(share));
            }
        });
        SortedSet<T> free = new TreeSet<>(work);
        free.removeAll(keepers.keySet());
        SortedSet<T> missing = new TreeSet<>(free);
        missing.retainAll(lost);
        free.removeAll(missing);
        return new Held<>(before, keepers, free, missing, work.size());
    }

    boolean isMissing() {
        return !missing.isEmpty();
    }

    SortedSet<T> missing() {
        return missing;
    }

    SortedSet<T> before(String member) {
        return at(before, member);
    }

    SortedSet<T> now(String member) {
        return at(now, member);
    }

    /** Gives of what is missing to these members, to none more than its fair share. */
    void giveMissingTo(Collection<String> newcomers) {
        int fairMax = (total + now.size() - 1) / now.size();
        for (String member : newcomers) {
            SortedSet<T> share = at(now, member);
            while (!missing.isEmpty() && share.size() < fairMax) {
                T item = missing.first();
                missing.remove(item);
                share.add(item);
            }
        }
    }

    /** Nobody is waited for any more: what is missing is free, and what members have beyond their fair share is taken from them. */
    void balance() {
        free.addAll(missing);
        missing.clear();
        Set<T> taken = Assignor.trim(now, total);
        before.values()
                .forEach(taken::removeAll); // Who runs it must stop it first; what was only just given is free again.
        free.addAll(taken);
    }

    void giveFree() {
        Assignor.fill(now.values(), free);
    }

    private static <T> SortedSet<T> at(Map<String, SortedSet<T>> shares, String member) {
        SortedSet<T> share = shares.get(member);
        if (share == null) {
            throw new IllegalArgumentException("no member of the round: " + member);
        }
        return share;
    }
}
