/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Keeps what the cleaner reads and writes within a rate, over all of its threads. What was not used in a quiet second is not saved up. */
final class Throttle {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final double bytesPerSecondMax;
    private final LongSupplier nanos;
    private final LongConsumer pause;
    private long freeAtNs;

    /**
     * A throttle.
     *
     * @param nanos the monotonic clock
     * @param pause waits for so many nanoseconds, or less when the cleaner ends
     */
    Throttle(double bytesPerSecondMax, LongSupplier nanos, LongConsumer pause) {
        this.bytesPerSecondMax = bytesPerSecondMax;
        this.nanos = nanos;
        this.pause = pause;
        this.freeAtNs = nanos.getAsLong();
    }

    /** Accounts for bytes that were read or written, and waits until more may be. */
    void used(long bytes) {
        long waitNs = reserve(bytes);
        if (waitNs > 0) {
            pause.accept(waitNs);
        }
    }

    private synchronized long reserve(long bytes) {
        long now = nanos.getAsLong();
        long from = freeAtNs - now > 0 ? freeAtNs : now;
        freeAtNs = from + (long) Math.min(Long.MAX_VALUE / 4.0, bytes / bytesPerSecondMax * SECOND_NS);
        return freeAtNs - now;
    }
}
