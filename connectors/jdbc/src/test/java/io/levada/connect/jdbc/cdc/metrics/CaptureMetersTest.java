/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CaptureMetersTest {

    private long millis = 1_000_000;
    private final CaptureMeters meters = new CaptureMeters(() -> Instant.ofEpochMilli(millis));

    /** While it decodes a large transaction the server sends nothing, as it does when there is nothing. */
    @Test
    void isLateWhileTheServerHasWhatItDoesNotSend() {
        meters.idle();
        meters.wal(0, -1, 100, 100);
        assertThat(meters.lagMillis()).isZero();

        millis += 10_000;
        meters.wal(0, -1, 100, 500);
        assertThat(meters.lagMillis())
                .as("all that was there at the look before")
                .isZero();
        millis += 10_000;
        meters.wal(0, -1, 100, 900);
        assertThat(meters.lagMillis()).isEqualTo(10_000);
        millis += 5_000;
        assertThat(meters.lagMillis()).isEqualTo(15_000);
        meters.transaction(7, (millis - 20_000) * 1000, 500);
        assertThat(meters.lagMillis()).as("as old as it was").isEqualTo(20_000);

        meters.idle();
        meters.wal(0, -1, 800, 900);
        assertThat(meters.lagMillis()).isZero();
    }

    /** A standby was promoted that did not have all that its predecessor wrote. */
    @Test
    void isNotLateBehindWhatAnotherServerHad() {
        meters.idle();
        meters.wal(0, -1, 900, 900);
        millis += 10_000;
        meters.wal(0, -1, 700, 700);
        millis += 10_000;
        meters.wal(0, -1, 710, 710);
        assertThat(meters.lagMillis()).isZero();
    }
}
