/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class OwnAssignmentTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");

    private final OwnAssignment assignment = new OwnAssignment("self:8083");
    private final List<GroupEvent> events = new ArrayList<>();

    private static ClusterConfig config(int tasks, long offset) {
        TreeMap<ConnectorName, ClusterConfig.Entry> entries = new TreeMap<>();
        entries.put(
                ORDERS,
                new ClusterConfig.Entry(Map.of(), TargetState.STARTED, Collections.nCopies(tasks, Map.of()), null));
        return new ClusterConfig(entries, Map.of(), Set.of(), offset);
    }

    private static GroupEvent assigned(int generation, int tasks, long offset) {
        TreeSet<TaskId> ids = new TreeSet<>();
        for (int task = 0; task < tasks; task++) {
            ids.add(ORDERS.task(task));
        }
        return new GroupEvent.Assigned(generation, "self:8083", new Share(new TreeSet<>(List.of(ORDERS)), ids), offset);
    }

    @Test
    void everythingIsItsOwnAndAnewWithEachConfigThatChangesIt() {
        assignment.listen(events::add);
        assignment.onConfig(config(1, 4));
        assertThat(events).as("no member yet").isEmpty();

        assignment.agreed(7);
        assignment.onConfig(config(1, 5));
        assignment.onConfig(config(2, 6));

        assertThat(events).containsExactly(assigned(7, 1, 4), assigned(7, 2, 6));
    }

    @Test
    void whoListensLateHearsWhatHoldsNow() {
        assignment.agreed(7);
        assignment.onConfig(config(1, 4));

        assignment.listen(events::add);

        assertThat(events).containsExactly(assigned(7, 1, 4));
    }

    @Test
    void aLostPlaceThatIsWonBackIsAssignedAnew() {
        assignment.listen(events::add);
        assignment.agreed(7);
        assignment.onConfig(config(1, 4));
        assignment.lost();
        assignment.onConfig(config(2, 5));
        assertThat(events).endsWith(new GroupEvent.Lost());

        assignment.agreed(8);

        assertThat(events).endsWith(assigned(8, 2, 5));
    }
}
