/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.assign.Rebalance.Memory;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.TaskId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Rounds of a group that agrees until nothing is to be done any more, whatever becomes of its members. */
class RebalanceProperties {
    private static final long DELAY_MS = 1_000;

    /** The members of a group and their leader's memory, and who has ever run what since the last round. */
    private static final class Group {
        private SortedMap<String, Share> held = new TreeMap<>();
        private Memory memory = Memory.NONE;
        private ClusterConfig config = ClusterConfig.EMPTY;
        private long nowMs = 5;

        Rebalance round() {
            Rebalance round = Rebalance.of(held, config, memory, nowMs, DELAY_MS);
            held.forEach((member, share) -> assertThat(at(round.after(), member))
                    .isEqualTo(share.without(at(round.revoked(), member)).with(at(round.given(), member))));
            requireNothingGivenThatSomebodyRuns(round);
            memory = round.next();
            held = new TreeMap<>(round.after());
            return round;
        }

        private void requireNothingGivenThatSomebodyRuns(Rebalance round) {
            Share running = held.values().stream().reduce(Share.NONE, Share::with);
            round.given().forEach((member, given) -> {
                assertThat(given.without(running)).as("given to " + member).isEqualTo(given);
            });
        }

        /** Until nobody has to stop anything, and nothing waits any more. */
        void settle() {
            for (int rounds = 0; rounds < 20; rounds++) {
                Rebalance round = round();
                if (round.delayMs() > 0) {
                    nowMs += round.delayMs();
                } else if (round.revoked().values().stream().allMatch(Share::isEmpty)) {
                    return;
                }
            }
            throw new AssertionError("the group does not come to rest: " + held);
        }

        void members(int count) {
            SortedMap<String, Share> next = new TreeMap<>();
            AssignorProperties.members(count).forEach(member -> next.put(member, at(held, member)));
            held = next;
        }

        void requireEverythingOnceAndFair() {
            assertThat(held.values().stream()
                            .flatMap(share -> share.tasks().stream())
                            .sorted()
                            .toList())
                    .isEqualTo(
                            AssignorProperties.tasks(config).stream().sorted().toList());
            assertThat(held.values().stream()
                            .flatMap(share -> share.connectors().stream())
                            .sorted()
                            .toList())
                    .isEqualTo(List.copyOf(config.connectors().keySet()));
            requireFair(held.values().stream()
                    .mapToInt(share -> share.tasks().size())
                    .toArray());
            requireFair(held.values().stream()
                    .mapToInt(share -> share.connectors().size())
                    .toArray());
        }

        private static void requireFair(int... loads) {
            int max = 0;
            int min = Integer.MAX_VALUE;
            for (int load : loads) {
                max = Math.max(max, load);
                min = Math.min(min, load);
            }
            assertThat(max - min).isLessThanOrEqualTo(1);
        }
    }

    private static Share at(Map<String, Share> shares, String member) {
        return shares.getOrDefault(member, Share.NONE);
    }

    private static Group settled(int members, List<Integer> taskCounts) {
        Group group = new Group();
        group.config = AssignorProperties.connectors(taskCounts);
        group.members(members);
        group.settle();
        return group;
    }

    @Property
    void whateverChangesTheGroupComesToRestWithEverythingOnceAndFair(
            @ForAll @Size(max = 6) List<@IntRange(max = 7) Integer> before,
            @ForAll @Size(max = 6) List<@IntRange(max = 7) Integer> after,
            @ForAll @IntRange(min = 1, max = 5) int membersBefore,
            @ForAll @IntRange(min = 1, max = 5) int membersAfter,
            @ForAll boolean anotherLeads) {
        Group group = settled(membersBefore, before);
        group.requireEverythingOnceAndFair();

        group.config = AssignorProperties.connectors(after);
        group.members(membersAfter);
        if (anotherLeads) {
            group.memory = Memory.NONE;
        }
        group.settle();

        group.requireEverythingOnceAndFair();
    }

    @Property
    void whoComesTakesItsShareAndNothingElseMoves(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 7) Integer> taskCounts,
            @ForAll @IntRange(min = 1, max = 4) int count) {
        Group group = settled(count, taskCounts);
        Map<String, Share> before = Map.copyOf(group.held);

        group.members(count + 1);
        group.settle();

        int moved = 0;
        for (Map.Entry<String, Share> member : before.entrySet()) {
            Share now = at(group.held, member.getKey());
            moved += member.getValue().without(now).tasks().size();
            assertThat(now.without(member.getValue()).isEmpty())
                    .as("nobody but the newcomer is given anything")
                    .isTrue();
        }
        assertThat(moved)
                .isEqualTo(at(group.held, "m" + count).tasks().size())
                .isLessThanOrEqualTo(AssignorProperties.tasks(group.config).size() / (count + 1) + 1);
    }

    @Property
    void whatWasWithWhoWentWaitsAndIsGivenWhenTheTimeIsOver(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 7) Integer> taskCounts,
            @ForAll @IntRange(min = 2, max = 5) int count) {
        Group group = settled(count, taskCounts);
        Map<String, Share> before = Map.copyOf(group.held);
        Share gone = at(before, "m" + (count - 1));

        group.members(count - 1);
        Rebalance waiting = group.round();
        group.nowMs += DELAY_MS / 2;
        Rebalance stillWaiting = group.round();

        assertThat(group.held).isEqualTo(without(before, "m" + (count - 1)));
        assertThat(waiting.delayMs()).isEqualTo(gone.isEmpty() ? 0 : (int) DELAY_MS);
        assertThat(stillWaiting.delayMs()).isEqualTo(gone.isEmpty() ? 0 : (int) DELAY_MS / 2);
        group.nowMs += DELAY_MS / 2;
        group.settle();
        group.requireEverythingOnceAndFair();
        without(before, "m" + (count - 1))
                .forEach((member, share) -> assertThat(
                                share.without(at(group.held, member)).isEmpty())
                        .as("what stays moves nowhere")
                        .isTrue());
    }

    @Property
    void whoComesInPlaceOfAnotherTakesWhatThatRanAtOnce(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 7) Integer> taskCounts,
            @ForAll @IntRange(min = 2, max = 5) int count) {
        Group group = settled(count, taskCounts);
        Map<String, Share> before = Map.copyOf(group.held);
        Share gone = at(before, "m" + (count - 1));

        group.members(count - 1);
        group.round();
        group.held.put("newcomer", Share.NONE);
        Rebalance round = group.round();

        assertThat(at(round.after(), "newcomer")).isEqualTo(gone);
        assertThat(round.delayMs()).isZero();
        assertThat(without(group.held, "newcomer")).isEqualTo(without(before, "m" + (count - 1)));
    }

    @Property
    void whoComesBackWithWhatOthersRunByNowStopsItAndTheyGoOn(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 7) Integer> taskCounts,
            @ForAll @IntRange(min = 2, max = 5) int count) {
        Group group = settled(count, taskCounts);
        String hung = "m" + (count - 1);
        Share old = at(group.held, hung);
        group.members(count - 1);
        group.settle();
        Map<String, Share> meanwhile = Map.copyOf(group.held);

        group.held.put("back", old);
        Rebalance round = Rebalance.of(group.held, group.config, group.memory, group.nowMs, DELAY_MS);

        assertThat(round.revoked().get("back")).isEqualTo(old);
        meanwhile.forEach((member, share) ->
                assertThat(at(round.given(), member).isEmpty()).isTrue());
    }

    @Property
    void aGroupThatStopsEverythingFirstIsFairTooAndKeepsToWhatItHad(
            @ForAll @Size(max = 6) List<@IntRange(max = 7) Integer> taskCounts,
            @ForAll @IntRange(min = 1, max = 5) int count) {
        ClusterConfig config = AssignorProperties.connectors(taskCounts);
        Rebalance first = Rebalance.ofAll(AssignorProperties.members(count), config, Memory.NONE);
        Rebalance second = Rebalance.ofAll(AssignorProperties.members(count), config, first.next());

        assertThat(second.given()).isEqualTo(first.given());
        TreeSet<TaskId> given = new TreeSet<>();
        first.given().values().forEach(share -> given.addAll(share.tasks()));
        assertThat(given).hasSize(AssignorProperties.tasks(config).size());
    }

    private static Map<String, Share> without(Map<String, Share> shares, String member) {
        Map<String, Share> others = new HashMap<>(shares);
        others.remove(member);
        return others;
    }
}
