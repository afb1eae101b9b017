/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.cdc.server.Slot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** It is said in time, and not all the time. */
final class WalAlarmTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final WalAlarm alarm = new WalAlarm(1_000);

    private static Slot.Kept kept(long bytes, @Nullable Long safe, boolean atRisk) {
        return new Slot.Kept(bytes, 0, safe, atRisk);
    }

    @Test
    void warnsOnceAnHourAndAgainAfterItWasWell() {
        assertThat(alarm.warning(kept(1_000, null, false), 0)).isNull();
        assertThat(alarm.warning(kept(1_001, null, false), 1)).contains("slot.wal.budget.bytes");
        assertThat(alarm.warning(kept(2_000, null, false), 2)).isNull();
        assertThat(alarm.warning(kept(2_000, null, false), HOUR + 1)).isNotNull();
        assertThat(alarm.isRaised()).isTrue();

        assertThat(alarm.warning(kept(10, null, false), HOUR + 2)).isNull();
        assertThat(alarm.isRaised()).isFalse();
        assertThat(alarm.warning(kept(1_001, null, false), HOUR + 3)).isNotNull();
    }

    @Test
    void warnsAtOnceWhenTheSlotIsAboutToBeLost() {
        assertThat(alarm.warning(kept(900, 300L, false), 0)).isNull();
        assertThat(alarm.warning(kept(1_100, 300L, false), 1)).contains("slot.wal.budget.bytes");
        assertThat(alarm.warning(kept(1_300, 100L, false), 2)).contains("max_slot_wal_keep_size");
        assertThat(alarm.warning(kept(1_310, 90L, false), 3)).isNull();
        assertThat(new WalAlarm(0).warning(kept(5, null, true), 0)).contains("max_slot_wal_keep_size");
    }

    @Test
    void hasNoBoundAtZero() {
        assertThat(new WalAlarm(0).warning(kept(Long.MAX_VALUE, null, false), 0))
                .isNull();
    }
}
