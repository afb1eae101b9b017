/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final Map<String, String> A = Map.of("table", "a");
    private static final Map<String, String> B = Map.of("table", "b");

    private final InFlight inFlight = new InFlight(3);

    @Test
    void offsetIsCommittableOnceAllBeforeItAreAcknowledged() {
        InFlight.Entry first = inFlight.add(A, Map.of("n", 1));
        InFlight.Entry second = inFlight.add(A, Map.of("n", 2));
        second.acknowledge();
        assertThat(inFlight.takeCommittable()).isEmpty();

        first.acknowledge();

        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(A, Map.of("n", 2)));
        assertThat(inFlight.takeCommittable()).isEmpty();
    }

    @Test
    void slowPartitionHoldsUpNoOther() {
        inFlight.add(A, Map.of("n", 1));
        inFlight.add(B, Map.of("n", 7)).acknowledge();

        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(B, Map.of("n", 7)));
    }

    @Test
    void withdrawnRecordLeavesTheOffsetBeforeIt() {
        inFlight.add(A, Map.of("n", 1)).acknowledge();
        InFlight.Entry refused = inFlight.add(A, Map.of("n", 2));

        inFlight.withdraw(A, refused);

        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(A, Map.of("n", 1)));
    }

    @Test
    void itIsFullUntilSomethingIsAcknowledged() throws InterruptedException {
        InFlight.Entry first = inFlight.add(A, Map.of("n", 1));
        inFlight.add(A, Map.of("n", 2));
        inFlight.add(A, Map.of("n", 3));
        assertThat(inFlight.full()).isTrue();
        assertThat(inFlight.awaitEmpty(Duration.ofMillis(10))).isFalse();

        first.acknowledge();
        first.acknowledge();

        assertThat(inFlight.full()).isFalse();
    }
}
