/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.time.Duration;
import org.apache.kafka.common.utils.Time;

/** Time that goes on when it is told to. */
final class SteppedTime implements Time {
    private long nanos = Duration.ofDays(20_000).toNanos();

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long milliseconds() {
        return nanos / 1_000_000;
    }

    @Override
    public long nanoseconds() {
        return nanos;
    }

    @Override
    public void sleep(long ms) {
        pass(Duration.ofMillis(ms));
    }
}
