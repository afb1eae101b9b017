/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.time.Instant;
import java.time.ZonedDateTime;

/**
 * When the open objects of a partition are due, counted from the first record in them. Counts and record times make the
 * same boundaries whenever the same records come; the wall clock does not.
 */
final class Rotation {
    static final long NEVER_MS = Long.MAX_VALUE;

    private final RotationOptions options;
    private final boolean byWallclock;
    private final boolean byFolders;
    private int records;
    private long firstTimeMs;
    private String firstFolders = "";
    private long dueMs = NEVER_MS;

    /**
     * @param clock the clock that {@code rotate.interval.ms} goes by
     * @param byTime whether the folders follow the time: then an object that spans a time does not span folders either
     */
    Rotation(RotationOptions options, RecordTime clock, boolean byTime) {
        this.options = options;
        this.byWallclock = clock == RecordTime.WALLCLOCK;
        this.byFolders = byTime;
    }

    /** Whether the open objects must be finished before a record of this time and these folders goes on. */
    boolean dueBefore(long timeMs, String folders) {
        if (records == 0 || options.intervalMs() <= 0) {
            return false;
        }
        boolean spanned = !byWallclock && timeMs - firstTimeMs >= options.intervalMs();
        return spanned || (byFolders && !folders.equals(firstFolders));
    }

    void count(long timeMs, String folders, long nowMs) {
        if (records == 0) {
            firstTimeMs = timeMs;
            firstFolders = folders;
            dueMs = Math.min(nextSchedule(nowMs), byWallclock ? after(nowMs, options.intervalMs()) : NEVER_MS);
        }
        records++;
    }

    boolean full() {
        return records >= options.flushSize();
    }

    /** When the wall clock makes the open objects due, in milliseconds since 1970; {@link #NEVER_MS} if it does not. */
    long dueMs() {
        return dueMs;
    }

    void restart() {
        records = 0;
        dueMs = NEVER_MS;
    }

    private long nextSchedule(long nowMs) {
        if (options.scheduleMs() <= 0) {
            return NEVER_MS;
        }
        ZonedDateTime now = Instant.ofEpochMilli(nowMs).atZone(options.timezone());
        long midnightMs =
                now.toLocalDate().atStartOfDay(options.timezone()).toInstant().toEpochMilli();
        long sinceMs = nowMs - midnightMs;
        return after(nowMs, options.scheduleMs() - sinceMs % options.scheduleMs());
    }

    /** Intervals may be as long as a number holds. */
    private static long after(long nowMs, long intervalMs) {
        return intervalMs <= 0 || intervalMs > NEVER_MS - nowMs ? NEVER_MS : nowMs + intervalMs;
    }
}
