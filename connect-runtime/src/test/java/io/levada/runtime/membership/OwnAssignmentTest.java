/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    private static GroupEvent assigned(int tasks, long offset) {
        return new GroupEvent.Assigned(1, "self:8083", true, "NONE", Share.of(config(tasks, offset)), offset);
    }

    @Test
    void everythingIsItsOwnAndAnewWithEachConfigThatChangesIt() {
        assignment.onConfig(config(1, 3));
        assertThat(events).as("nobody listens yet").isEmpty();

        assignment.listen(events::add);
        assignment.onConfig(config(1, 5));
        assignment.onConfig(config(2, 6));

        assertThat(events).containsExactly(assigned(1, 3), assigned(2, 6));
    }
}
