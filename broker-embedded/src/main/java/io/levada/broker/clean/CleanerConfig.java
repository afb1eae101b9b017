/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import java.time.Duration;

/**
 * How much the cleaner may use.
 *
 * @param enabled whether anything is compacted at all
 * @param threads how many partitions are cleaned at once, at least 1
 * @param dedupeBytesMax memory for the keys of the partitions that are being cleaned, all threads together
 * @param loadFactor how full a map of keys may get, within (0, 1]
 * @param ioBytesPerSecondMax how much is read and written per second, all threads together; {@link Double#MAX_VALUE} for no limit
 * @param backoff how long a thread waits when nothing is to be cleaned
 */
public record CleanerConfig(
        boolean enabled,
        int threads,
        long dedupeBytesMax,
        double loadFactor,
        double ioBytesPerSecondMax,
        Duration backoff) {
    public CleanerConfig {
        if (threads < 1 || dedupeBytesMax / threads < OffsetMap.SLOT_BYTES || loadFactor <= 0 || loadFactor > 1) {
            throw new IllegalArgumentException("threads=" + threads + ", dedupeBytesMax=" + dedupeBytesMax
                    + " and loadFactor=" + loadFactor + " leave no room for a single key");
        }
    }

    /** What one thread may use for its map. */
    int slotsMax() {
        return (int)
                Math.min(Integer.MAX_VALUE / OffsetMap.SLOT_BYTES - 1, dedupeBytesMax / threads / OffsetMap.SLOT_BYTES);
    }
}
