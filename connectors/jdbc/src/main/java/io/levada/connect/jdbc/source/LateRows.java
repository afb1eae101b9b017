/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Rows handed out within the last window of time, so that their range can be read again and only what is new there handed out: rows
 * that became visible after rows behind them. Owned by the task's thread.
 */
final class LateRows {

    /** No more rows are remembered: where more come within the window, the range begins later. */
    static final int ROWS_MAX = 100_000;

    private static final Comparator<JdbcOffset> PLACES = Comparator.comparing(
                    JdbcOffset::timestamp, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(JdbcOffset::incrementing, Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Duration window;
    private final Mode mode;
    private final LongSupplier nanoTime;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private final Set<Object> identities = new HashSet<>();

    private JdbcOffset floor;

    /** @param floor what has been read, however long ago */
    LateRows(Duration window, Mode mode, JdbcOffset floor, LongSupplier nanoTime) {
        this.window = window;
        this.mode = mode;
        this.floor = floor;
        this.nanoTime = nanoTime;
    }

    private record Seen(Object identity, JdbcOffset offset, long nanos) {}

    /** Where the range begins that is read again: every row behind it that was handed out is known. */
    JdbcOffset floor() {
        long now = nanoTime.getAsLong();
        for (Seen first = seen.peek();
                first != null && (seen.size() > ROWS_MAX || now - first.nanos() >= window.toNanos());
                first = seen.peek()) {
            seen.remove();
            identities.remove(first.identity());
            if (PLACES.compare(first.offset(), floor) > 0) {
                floor = first.offset();
            }
        }
        return floor;
    }

    /** Begins anew at a place. */
    void reset(JdbcOffset place) {
        seen.clear();
        identities.clear();
        floor = place;
    }

    /** True if the row was handed out. */
    boolean knows(Row row) {
        return identities.contains(identity(row));
    }

    /**
     * Notes that the row is handed out.
     *
     * @param offset up to which all have been handed out then, as far as there are no late ones
     * @return where the range begins then that is read again
     */
    JdbcOffset add(Row row, JdbcOffset offset) {
        Object identity = identity(row);
        if (identities.add(identity)) {
            seen.add(new Seen(identity, offset, nanoTime.getAsLong()));
        }
        return floor();
    }

    /** Rows of one moment are told apart by all that is in them. */
    private Object identity(Row row) {
        return mode == Mode.TIMESTAMP ? row.value() : row.at();
    }
}
