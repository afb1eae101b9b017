/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the members of a group know together: who was assigned what in which round, and in which generation partitions were committed. */
final class GroupLedger {
    private final Map<String, String> assigned = new HashMap<>();
    private final Map<Integer, Integer> committed = new HashMap<>();
    private int rounds;

    /** A leader's attempt to assign, which it names by its generation. */
    String nextRound(int generation) {
        return generation + "/" + rounds++;
    }

    void assigned(String member, String round, String share) {
        assigned.put(member + " in " + round, share);
    }

    /** The partitions in what a member received, which must be what its generation's leader meant for it. */
    List<Integer> received(String member, int generation, String share) {
        if (share.isEmpty()) {
            return List.of();
        }
        String round = share.split(" ", 2)[0];
        Violation.unless(
                round.startsWith(generation + "/") && share.equals(assigned.get(member + " in " + round)),
                () -> "in generation " + generation + " a member received '" + share + "', meant for it was '"
                        + assigned.get(member + " in " + round) + "'");
        return Arrays.stream(share.split(" ", -1)).skip(1).map(Integer::valueOf).toList();
    }

    /** The newest generation that is known to have committed a partition. */
    int committedBy(int partition) {
        return committed.getOrDefault(partition, -1);
    }

    void committed(int partition, int generation, int atLeast) {
        Violation.unless(
                generation >= atLeast,
                () -> "generation " + generation + " committed partition " + partition + " after generation " + atLeast
                        + " had");
        committed.merge(partition, generation, Math::max);
    }
}
