/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows handed out within the last window of time, so that their range can be read again and only what is new there handed out: rows
 * that became visible after rows behind them. Of each some hundred bytes are kept. Owned by the task's thread.
 *
 * <p>A row is known by its place, a digest of its values where rows share a place, and how many like it came before it in the same
 * reading of the range: rows that are alike in all are as many as there are.
 */
final class LateRows {

    /** Of no more rows: where more come within the window, the range begins later. Of one place all are remembered, however many. */
    static final int ROWS_MAX = 100_000;

    private static final Comparator<JdbcOffset> PLACES = Comparator.comparing(
                    JdbcOffset::timestamp, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(JdbcOffset::incrementing, Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Duration window;
    private final boolean sharedPlaces;
    private final LongSupplier nanoTime;
    private final RowDigest digest = new RowDigest();
    private final Deque<Seen> seen = new ArrayDeque<>();
    private final Set<Identity> identities = new HashSet<>();

    /** Rows whose time is over, in places that the floor has not reached: a moment with many rows, of which the last are newer. */
    private final Deque<Identity> forgettable = new ArrayDeque<>();

    /** Rows of the present reading that are not known, in their order, until they are handed out. */
    private final Deque<Identity> unknown = new ArrayDeque<>();

    /** How many rows of the place that is being read were alike. */
    private final Map<RowDigest.Value, Integer> alike = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RowDigest.Value, Integer> eldest) {
            return size() > ROWS_MAX;
        }
    };

    private @Nullable JdbcOffset place;

    private JdbcOffset floor;

    /**
     * @param sharedPlaces true if rows of one place are told apart by what is in them; otherwise a row that has changed since is no
     *     new one
     * @param floor what has been read, however long ago
     */
    LateRows(Duration window, boolean sharedPlaces, JdbcOffset floor, LongSupplier nanoTime) {
        this.window = window;
        this.sharedPlaces = sharedPlaces;
        this.floor = floor;
        this.nanoTime = nanoTime;
    }

    private record Identity(JdbcOffset at, RowDigest.Value values, int count) {}

    private record Seen(Identity identity, JdbcOffset offset, long nanos) {}

    /** Where the range begins that is read again: every row behind it that was handed out is known. No reading is under way. */
    JdbcOffset floor() {
        return floor(null);
    }

    /** @param upTo where the reading under way has got to, which is to know all rows that it comes to yet; null if there is none */
    private JdbcOffset floor(@Nullable JdbcOffset upTo) {
        long now = nanoTime.getAsLong();
        boolean moved = false;
        for (Seen first = seen.peek();
                first != null
                        && (seen.size() > ROWS_MAX || now - first.nanos() >= window.toNanos())
                        && (upTo == null || PLACES.compare(first.offset(), upTo) <= 0);
                first = seen.peek()) {
            forgettable.add(seen.remove().identity());
            if (PLACES.compare(first.offset(), floor) > 0) {
                floor = first.offset();
                moved = true;
            }
        }
        if (moved) {
            forgetPassed();
        }
        return floor;
    }

    /** Of a place whose last row is not to be forgotten yet all are read again, and so known until then. */
    private void forgetPassed() {
        for (Iterator<Identity> each = forgettable.iterator(); each.hasNext(); ) {
            Identity identity = each.next();
            if (PLACES.compare(identity.at(), floor) <= 0) {
                identities.remove(identity);
                each.remove();
            }
        }
    }

    /** Begins anew at a place. */
    void reset(JdbcOffset place) {
        seen.clear();
        forgettable.clear();
        identities.clear();
        floor = place;
    }

    /** Begins a reading of the range, in which rows of one place follow one another. */
    void beginReading() {
        unknown.clear();
        alike.clear();
        place = null;
    }

    /** True if the row, the next of the reading, was handed out. */
    boolean knows(Row row) {
        Identity identity = identity(row);
        if (identities.contains(identity)) {
            return true;
        }
        unknown.add(identity);
        return false;
    }

    /**
     * Notes that the next row that was not known is handed out.
     *
     * @param offset up to which all have been handed out then, as far as there are no late ones
     * @return where the range begins then that is read again
     */
    JdbcOffset add(JdbcOffset offset) {
        Identity identity = unknown.remove();
        identities.add(identity);
        seen.add(new Seen(identity, offset, nanoTime.getAsLong()));
        return floor(offset);
    }

    private Identity identity(Row row) {
        if (!row.at().equals(place)) {
            alike.clear();
            place = row.at();
        }
        RowDigest.Value values = sharedPlaces ? digest.of(row.value()) : RowDigest.Value.NONE;
        return new Identity(row.at(), values, alike.merge(values, 1, Integer::sum));
    }
}
