/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.jspecify.annotations.Nullable;

/** The consumer group of a sink, as its coordinator sees it: each partition has one owner, until that gives it up or is not heard of for too long. */
final class SimulatedGroup {
    private static final long POLL_NANOS_MAX = TimeUnit.SECONDS.toNanos(9);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Fibers fibers;
    private final SinkLedger ledger;
    private final TreeMap<Integer, Long> members = new TreeMap<>();
    private final Map<Integer, Integer> owners = new HashMap<>();

    SimulatedGroup(Fibers fibers, SinkLedger ledger) {
        this.fibers = fibers;
        this.ledger = ledger;
        check();
    }

    private void check() {
        fibers.after(CHECK_NANOS, () -> {
            List<Integer> silent = members.entrySet().stream()
                    .filter(member -> fibers.nanos() - member.getValue() > POLL_NANOS_MAX)
                    .map(Map.Entry::getKey)
                    .toList();
            silent.forEach(this::leave);
            check();
        });
    }

    /** A member polls. */
    void join(int member) {
        if (members.put(member, fibers.nanos()) == null) {
            fibers.trace().note("member " + member + " joins");
        }
    }

    boolean has(int member) {
        return members.containsKey(member);
    }

    void leave(int member) {
        if (members.remove(member) != null) {
            fibers.trace().note("member " + member + " leaves");
        }
        owners.values().removeIf(owner -> owner == member);
    }

    /** The partitions that a member should have now. */
    Set<Integer> target(int member) {
        List<Integer> all =
                members.keySet().stream().sorted(Comparator.naturalOrder()).toList();
        Set<Integer> target = new TreeSet<>();
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            if (!all.isEmpty() && all.get(partition % all.size()) == member) {
                target.add(partition);
            }
        }
        return target;
    }

    @Nullable
    Integer owner(int partition) {
        return owners.get(partition);
    }

    void take(int member, int partition) {
        owners.put(partition, member);
    }

    void release(int member, int partition) {
        owners.remove(partition, member);
    }

    /** Commits what a member owns, or nothing. */
    void commit(int member, Map<Integer, Long> offsets) {
        if (!offsets.keySet().stream()
                .allMatch(partition -> Integer.valueOf(member).equals(owners.get(partition)))) {
            throw new CommitFailedException("simulated: member " + member + " does not own " + offsets.keySet());
        }
        ledger.committed(offsets);
    }
}
