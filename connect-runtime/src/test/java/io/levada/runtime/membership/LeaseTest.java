/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The place is given up before the brokers give it away. */
final class LeaseTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long BEGIN = Long.MAX_VALUE - SECOND; // nanoseconds may begin anywhere

    private final Lease lease = new Lease(Duration.ofSeconds(10), Duration.ofSeconds(60));

    private boolean isHeldAfter(double seconds) {
        return lease.isHeld(BEGIN + (long) (seconds * SECOND));
    }

    @Test
    void itEndsBeforeASessionAfterTheLastHeartbeatThatWasAnswered() {
        assertThat(isHeldAfter(0)).isFalse();
        lease.renew(BEGIN);

        assertThat(isHeldAfter(7.9)).isTrue();
        assertThat(isHeldAfter(8)).isFalse();
        lease.renew(BEGIN + 3 * SECOND);
        assertThat(isHeldAfter(10.9)).isTrue();
        assertThat(isHeldAfter(11.1)).isFalse();
    }

    @Test
    void whoeverJoinsIsWaitedForByTheGroup() {
        lease.renew(BEGIN);
        lease.joining(BEGIN + SECOND);
        assertThat(isHeldAfter(60)).isTrue();

        lease.joined(BEGIN + 2 * SECOND);
        assertThat(isHeldAfter(9.9)).isTrue();
        assertThat(isHeldAfter(10.1)).isFalse();
    }

    @Test
    void whoeverWasNotAnsweredIsNotWaitedForLong() {
        lease.renew(BEGIN);
        lease.joining(BEGIN + SECOND);
        lease.notJoined(BEGIN + 2 * SECOND);

        assertThat(isHeldAfter(10.1)).isFalse();
    }

    @Test
    void whoeverHasNoPlaceHasNoneWhileItJoins() {
        lease.joining(BEGIN);
        assertThat(isHeldAfter(1)).isFalse();

        lease.renew(BEGIN);
        lease.joining(BEGIN + 9 * SECOND);
        assertThat(isHeldAfter(9.5)).isFalse();
        lease.renew(BEGIN + 10 * SECOND);
        lease.end();
        assertThat(isHeldAfter(10.5)).isFalse();
    }
}
