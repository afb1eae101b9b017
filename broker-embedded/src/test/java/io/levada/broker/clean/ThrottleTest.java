/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(5);
    private final Throttle throttle = new Throttle(1000, now::get, now::addAndGet);

    @Test
    void theRateIsKept() {
        for (int i = 0; i < 10; i++) {
            throttle.used(500);
        }
        assertThat(now.get()).isEqualTo(5 + 5 * SECOND);
    }

    @Test
    void aQuietTimeIsNotSavedUp() {
        now.addAndGet(100 * SECOND);
        throttle.used(1000);
        assertThat(now.get()).isEqualTo(5 + 101 * SECOND);
    }

    @Test
    void withoutALimitNobodyWaits() {
        Throttle unlimited = new Throttle(Double.MAX_VALUE, now::get, now::addAndGet);
        unlimited.used(Long.MAX_VALUE);
        assertThat(now.get()).isEqualTo(5);
    }
}
