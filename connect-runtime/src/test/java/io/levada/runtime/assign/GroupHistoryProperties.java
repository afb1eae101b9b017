/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.assign.Rebalance.Memory;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The lives of a group, in which workers come, go, hang and come back, do not hear what the leader says, and lead by turns. Whatever happens: nobody is
 * given what a worker of the group runs, and nothing is without an owner for longer than promised.
 */
class GroupHistoryProperties {
    private static final long DELAY_MS = 1_000;

    private enum Event {
        JOINS,
        GOES,
        HANGS,
        COMES_BACK,
        HEARS_NOTHING,
        ANOTHER_LEADS,
        CONFIG_CHANGES,
        TIME_PASSES
    }

    private static final class Group {
        private final SortedMap<String, Share> members = new TreeMap<>();
        /** Those that the brokers gave up, with what they ran, which they stop when they are back. */
        private final Map<String, Share> hung = new HashMap<>();

        private final Map<TaskId, Long> ownerlessSinceMs = new HashMap<>();
        private ClusterConfig config = AssignorProperties.connectors(List.of(3, 2));
        private Memory memory = Memory.NONE;
        private long nowMs = 1;
        private long rejoinMs = Long.MAX_VALUE;
        private int names;

        void play(Event event, int chance) {
            List<String> known = List.copyOf(members.keySet());
            String some = known.isEmpty() ? "" : known.get(chance % known.size());
            switch (event) {
                case JOINS -> members.put("m" + names++, Share.NONE);
                case GOES -> members.remove(some);
                case HANGS -> {
                    if (members.containsKey(some)) {
                        hung.put(some, members.remove(some));
                    }
                }
                // One of ours comes back with nothing; one of Kafka Connect's with what it ran.
                case COMES_BACK ->
                    hung.entrySet().stream().findFirst().ifPresent(back -> {
                        hung.remove(back.getKey());
                        members.put("m" + names++, chance % 2 == 0 ? Share.NONE : back.getValue());
                    });
                case ANOTHER_LEADS -> {
                    memory = Memory.NONE;
                    rejoinMs = Long.MAX_VALUE;
                }
                case CONFIG_CHANGES -> config = AssignorProperties.connectors(List.of(chance % 5, chance % 3, 2));
                case TIME_PASSES -> nowMs += chance * 100L;
                case HEARS_NOTHING -> {}
            }
            if (members.isEmpty()) {
                memory = Memory.NONE;
                ownerlessSinceMs.clear();
                return;
            }
            agree(event == Event.HEARS_NOTHING ? some : "");
        }

        /** Rounds until nobody has to stop anything. */
        private void agree(String deaf) {
            for (int rounds = 0; rounds < 20; rounds++) {
                Rebalance round = Rebalance.of(members, config, memory, nowMs, DELAY_MS);
                requireNothingGivenThatIsRun(round);
                memory = round.next();
                rejoinMs = round.delayMs() == 0 ? Long.MAX_VALUE : nowMs + round.delayMs();
                assertThat(round.delayMs()).isBetween(0, (int) DELAY_MS);
                boolean again = false;
                for (String member : List.copyOf(members.keySet())) {
                    if (rounds > 0 || !member.equals(deaf)) {
                        members.put(member, round.after().getOrDefault(member, Share.NONE));
                        again |= !round.revoked()
                                .getOrDefault(member, Share.NONE)
                                .isEmpty();
                    }
                }
                if (!again && (rounds > 0 || deaf.isEmpty())) {
                    requireOwners();
                    return;
                }
            }
            throw new AssertionError("the group does not come to rest: " + members);
        }

        private void requireNothingGivenThatIsRun(Rebalance round) {
            Share run = members.values().stream().reduce(Share.NONE, Share::with);
            Set<Object> given = new HashSet<>();
            round.given().forEach((member, share) -> {
                assertThat(share.without(run)).isEqualTo(share);
                share.tasks()
                        .forEach(task -> assertThat(given.add(task))
                                .as(task + " is given once")
                                .isTrue());
                share.connectors()
                        .forEach(name -> assertThat(given.add(name))
                                .as(name + " is given once")
                                .isTrue());
            });
        }

        private void requireOwners() {
            Map<TaskId, Integer> owners = new HashMap<>();
            members.values().forEach(share -> share.tasks().forEach(task -> owners.merge(task, 1, Integer::sum)));
            assertThat(owners.values()).allMatch(count -> count == 1);
            Set<TaskId> wanted = new HashSet<>(Share.of(config).tasks());
            ownerlessSinceMs.keySet().removeIf(task -> owners.containsKey(task) || !wanted.contains(task));
            wanted.stream().filter(task -> !owners.containsKey(task)).forEach(task -> {
                assertThat(rejoinMs).as("somebody looks after " + task).isNotEqualTo(Long.MAX_VALUE);
                long since = ownerlessSinceMs.computeIfAbsent(task, first -> nowMs);
                assertThat(nowMs - since).as(task + " waits").isLessThan(DELAY_MS);
            });
        }
    }

    @Property
    void nothingHasTwoOwnersAndNothingWaitsForLongerThanPromised(
            @ForAll @Size(max = 40) List<Event> events, @ForAll @Size(40) List<@IntRange(max = 12) Integer> chances) {
        Group group = new Group();
        group.play(Event.JOINS, 0);
        for (int i = 0; i < events.size(); i++) {
            group.play(events.get(i), chances.get(i));
        }
    }
}
