/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A group agrees anew for other work, and once for each. */
final class WorkSeenTest {
    private final WorkSeen seen = new WorkSeen();

    private static ClusterConfig config(int tasks, long offset) {
        TreeMap<ConnectorName, ClusterConfig.Entry> entries = new TreeMap<>();
        entries.put(
                new ConnectorName("orders"),
                new ClusterConfig.Entry(
                        Map.of("offset", String.valueOf(offset)),
                        TargetState.STARTED,
                        Collections.nCopies(tasks, Map.of()),
                        null));
        return new ClusterConfig(entries, Map.of(), Set.of(), offset);
    }

    @Test
    void otherConfigsOfTheSameWorkAreNone() {
        seen.see(config(2, 5));
        assertThat(seen.hasChanged()).isTrue();
        seen.assigned(5);
        assertThat(seen.hasChanged()).isFalse();

        seen.see(config(2, 6));
        assertThat(seen.hasChanged()).isFalse();
        seen.see(config(3, 7));
        assertThat(seen.hasChanged()).isTrue();
    }

    @Test
    void whatTheLeaderHasReadBeforeItIsReadHereIsNone() {
        seen.see(config(2, 5));
        seen.assigned(7);
        seen.see(config(3, 7));
        assertThat(seen.hasChanged()).isFalse();

        seen.see(config(4, 8));
        assertThat(seen.hasChanged()).isTrue();
    }

    @Test
    void whatTheLeaderHadNotReadYetIs() {
        seen.see(config(2, 5));
        seen.see(config(3, 7));
        seen.assigned(5);
        assertThat(seen.hasChanged()).isTrue();
        seen.assigned(7);
        assertThat(seen.hasChanged()).isFalse();
    }
}
