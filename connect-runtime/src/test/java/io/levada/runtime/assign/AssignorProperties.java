/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.assign;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AssignorProperties {
    static ClusterConfig connectors(List<Integer> taskCounts) {
        SortedMap<ConnectorName, ClusterConfig.Entry> entries = new TreeMap<>();
        for (int i = 0; i < taskCounts.size(); i++) {
            entries.put(
                    new ConnectorName("c" + i),
                    new ClusterConfig.Entry(
                            Map.of(),
                            TargetState.STARTED,
                            IntStream.range(0, taskCounts.get(i))
                                    .<Map<String, String>>mapToObj(task -> Map.of())
                                    .toList(),
                            null));
        }
        return new ClusterConfig(entries);
    }

    static List<String> members(int count) {
        return IntStream.range(0, count).mapToObj(member -> "m" + member).toList();
    }

    static List<TaskId> tasks(ClusterConfig config) {
        return config.connectors().keySet().stream()
                .flatMap(name -> config.tasks(name).stream())
                .toList();
    }

    private static List<TaskId> tasks(Map<String, Share> assignment) {
        return assignment.values().stream()
                .flatMap(share -> share.tasks().stream())
                .sorted()
                .toList();
    }

    @Property
    void noTaskIsLostOrDoubled(
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> before,
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> after,
            @ForAll @IntRange(min = 1, max = 6) int membersBefore,
            @ForAll @IntRange(min = 1, max = 6) int membersAfter) {
        var previous = Assignor.assign(members(membersBefore), connectors(before), Map.of());
        var next = Assignor.assign(members(membersAfter), connectors(after), previous);

        assertThat(tasks(next))
                .containsExactlyElementsOf(new ArrayList<>(tasks(connectors(after)))
                        .stream().sorted().toList());
        assertThat(next.values().stream().flatMap(share -> share.connectors().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        connectors(after).connectors().keySet());
    }

    @Property
    void loadsAreAtMostOneApart(
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> taskCounts,
            @ForAll @IntRange(min = 1, max = 6) int membersBefore,
            @ForAll @IntRange(min = 1, max = 6) int membersAfter) {
        var previous = Assignor.assign(members(membersBefore), connectors(taskCounts), Map.of());
        var next = Assignor.assign(members(membersAfter), connectors(taskCounts), previous);

        var loads =
                next.values().stream().mapToInt(share -> share.tasks().size()).summaryStatistics();
        assertThat(loads.getMax() - loads.getMin()).isLessThanOrEqualTo(1);
    }

    @Property
    void sameMembersAndConfigMoveNothing(
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> taskCounts,
            @ForAll @IntRange(min = 1, max = 6) int count) {
        var previous = Assignor.assign(members(count), connectors(taskCounts), Map.of());

        assertThat(Assignor.assign(members(count), connectors(taskCounts), previous))
                .isEqualTo(previous);
    }

    @Property
    void newMemberTakesNoMoreThanItsShare(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 9) Integer> taskCounts,
            @ForAll @IntRange(min = 1, max = 5) int count) {
        ClusterConfig config = connectors(taskCounts);
        var previous = Assignor.assign(members(count), config, Map.of());
        var next = Assignor.assign(members(count + 1), config, previous);

        int moved = (int) members(count).stream()
                .mapToLong(member -> previous.getOrDefault(member, Share.NONE).tasks().stream()
                        .filter(task ->
                                !next.getOrDefault(member, Share.NONE).tasks().contains(task))
                        .count())
                .sum();
        assertThat(moved).isLessThanOrEqualTo(tasks(config).size() / (count + 1) + 1);
    }
}
