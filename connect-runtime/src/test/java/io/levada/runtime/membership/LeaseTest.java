/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The place is given up before the brokers give it away. */
final class LeaseTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long BEGIN = nearTheEnd();

    private final Lease lease = new Lease(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(3));

    /** Nanoseconds may begin anywhere, and overflow. */
    private static long nearTheEnd() {
        return Long.MAX_VALUE - SECOND;
    }

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

    /** Signs of life may be rare: the lease lasts from one to the next. */
    @Test
    void itOutlastsTheTimeBetweenHeartbeats() {
        Lease rare = new Lease(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(9));
        rare.renew(BEGIN);

        assertThat(rare.isHeld(BEGIN + 9 * SECOND + SECOND / 4)).isTrue();
        assertThat(rare.isHeld(BEGIN + 10 * SECOND - SECOND / 2)).isFalse();
    }

    /** Whatever is asked and answered in whatever order: what counts is the newest sign of life that the brokers have taken. */
    @Test
    void onlyWhatWasAnsweredExtendsIt() {
        lease.renew(BEGIN + 3 * SECOND);
        lease.renew(BEGIN);

        assertThat(isHeldAfter(10.9)).isTrue();
        assertThat(isHeldAfter(11.1)).isFalse();
    }

    /** Who has not joined when the time for that is over is a member no more, whatever else it said. */
    @Test
    void whileTheGroupAgreesItEndsBeforeTheTimeToJoinIsOver() {
        lease.waitedFor(BEGIN);
        assertThat(isHeldAfter(1)).isFalse();
        lease.renew(BEGIN);
        for (int second = 3; second < 70; second += 3) {
            lease.waitedFor(BEGIN + second * SECOND);
        }

        assertThat(isHeldAfter(57.9)).isTrue();
        assertThat(isHeldAfter(58.1)).isFalse();
    }

    @Test
    void whatIsGivenUpIsWonBackByTheNextSign() {
        lease.renew(BEGIN);
        lease.end();
        assertThat(isHeldAfter(1)).isFalse();

        lease.renew(BEGIN + SECOND);
        assertThat(isHeldAfter(8.9)).isTrue();
    }
}
