/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** Of no more rows of all tables of a task. */
    static final int TASK_ROWS_MAX = 5 * ROWS_MAX;

    /** So many rows at most are told by an offset, in some 20 bytes each: one that is read again and again must stay small. */
    static final int CARRIED_MAX = 1000;

    /** What an offset has them under. */
    static final String LATE = "late";

    private static final Logger LOGGER = LoggerFactory.getLogger(LateRows.class);

    private static final Comparator<JdbcOffset> PLACES = Comparator.comparing(
                    JdbcOffset::timestamp, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(JdbcOffset::incrementing, Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Duration window;
    private final boolean sharedPlaces;
    private final Memory memory;
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

    /** Where the reading under way has got to; null before its first row that is handed out. */
    private @Nullable JdbcOffset reached;

    private @Nullable Carried last;

    private JdbcOffset floor;

    /**
     * @param sharedPlaces true if rows of one place are told apart by what is in them; otherwise a row that has changed since is no
     *     new one
     * @param floor what has been read, however long ago
     * @param memory that the task's tables share
     */
    LateRows(Duration window, boolean sharedPlaces, JdbcOffset floor, Memory memory, LongSupplier nanoTime) {
        this.memory = memory;
        this.window = window;
        this.sharedPlaces = sharedPlaces;
        this.floor = floor;
        this.nanoTime = nanoTime;
    }

    /** How many rows are remembered of all tables of a task. */
    static final class Memory {
        private int rows;

        int rows() {
            return rows;
        }
    }

    private record Identity(JdbcOffset at, RowDigest.Value values, int count) {}

    private record Seen(Identity identity, JdbcOffset offset, long nanos) {}

    /**
     * What an offset tells: a task that goes on there hands nothing out once more that this one did.
     *
     * @param place behind which rows are looked for
     * @param rows what is known of those; null if that is nothing, or too much
     */
    record Carried(JdbcOffset place, @Nullable String rows) {}

    /** What the offset of the last record tells. */
    Carried lastCarried() {
        return last == null ? carried() : last;
    }

    /**
     * What the offset of the next record is to tell. Of many rows only the last are known to a task that goes on there, and earlier
     * ones not looked for; with more than these of one moment, or late ones among them, those of the window come again.
     */
    Carried carried() {
        Carried now;
        if (seen.size() + forgettable.size() <= CARRIED_MAX) {
            now = new Carried(floor, packed(floor, 0));
        } else {
            int passed = Math.max(0, seen.size() - CARRIED_MAX);
            JdbcOffset place = placeOf(passed);
            boolean isReached = reached != null && PLACES.compare(place, reached) <= 0;
            now = isReached ? new Carried(place, packed(place, passed)) : new Carried(floor, null);
        }
        last = now;
        return now;
    }

    /** Where the last of so many rows left reading. */
    private JdbcOffset placeOf(int rows) {
        JdbcOffset place = floor;
        Iterator<Seen> fromTheEnd = seen.descendingIterator();
        for (int left = seen.size() - rows; left > 0; left--) {
            fromTheEnd.next();
        }
        if (fromTheEnd.hasNext()) {
            JdbcOffset of = fromTheEnd.next().offset();
            place = PLACES.compare(of, floor) > 0 ? of : floor;
        }
        return place;
    }

    private @Nullable String packed(JdbcOffset place, int passed) {
        List<Seen> rows = new ArrayList<>();
        Iterator<Seen> fromTheEnd = seen.descendingIterator();
        for (int left = seen.size() - passed; left > 0; left--) {
            rows.add(fromTheEnd.next());
        }
        if (passed == 0) {
            forgettable.forEach(identity -> rows.add(new Seen(identity, floor, 0)));
        }
        if (rows.isEmpty()) {
            return null;
        }
        Collections.reverse(rows);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
            write(out, place);
            out.writeInt(rows.size());
            for (Seen each : rows) {
                write(out, each.identity().at());
                out.writeLong(each.identity().values().high());
                out.writeLong(each.identity().values().low());
                out.writeInt(each.identity().count());
                write(out, each.offset());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        } finally {
            deflater.end();
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** A flag for each part, 1 if it is there, and the part. */
    private static void write(DataOutputStream out, JdbcOffset place) throws IOException {
        out.writeBoolean(place.timestamp() != null);
        if (place.timestamp() != null) {
            out.writeLong(place.timestamp().getEpochSecond());
            out.writeInt(place.timestamp().get(ChronoField.NANO_OF_SECOND));
        }
        out.writeBoolean(place.incrementing() != null);
        if (place.incrementing() != null) {
            out.writeLong(place.incrementing());
        }
    }

    /**
     * Knows what an earlier task knew, unless the place beside it was changed since: whoever sets it wants the rows behind it.
     *
     * @param carried by the offset at which this one begins
     * @throws ConnectException if it is none of {@link #carried}
     */
    void restore(String carried) {
        long now = nanoTime.getAsLong();
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(carried))))) {
            JdbcOffset of = readPlace(in);
            if (!of.equals(floor)) {
                LOGGER.atInfo()
                        .addKeyValue("place", floor)
                        .addKeyValue("late", of)
                        .log("the place was set by hand, and the rows behind it come, also those that were told");
                return;
            }
            for (int left = in.readInt(); left > 0; left--) {
                Identity identity =
                        new Identity(readPlace(in), new RowDigest.Value(in.readLong(), in.readLong()), in.readInt());
                identities.add(identity);
                seen.add(new Seen(identity, readPlace(in), now));
                memory.rows++;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ConnectException(
                    "the offset's " + LATE
                            + " cannot be read; take it out of the offset, and rows of the last window come again",
                    e);
        }
    }

    private static JdbcOffset readPlace(DataInputStream in) throws IOException {
        Instant timestamp = in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
        return new JdbcOffset(in.readBoolean() ? in.readLong() : null, timestamp);
    }

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
                        && (seen.size() > ROWS_MAX
                                || memory.rows > TASK_ROWS_MAX
                                || now - first.nanos() >= window.toNanos())
                        && (upTo == null || PLACES.compare(first.offset(), upTo) <= 0);
                first = seen.peek()) {
            forgettable.add(seen.remove().identity());
            memory.rows--;
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

    /** Begins anew at a place, unless that is where it is. */
    void reset(JdbcOffset place) {
        if (place.equals(floor)) {
            return;
        }
        memory.rows -= seen.size();
        seen.clear();
        forgettable.clear();
        identities.clear();
        last = null;
        floor = place;
    }

    /** Begins a reading of the range, in which rows of one place follow one another. */
    void beginReading() {
        unknown.clear();
        alike.clear();
        place = null;
        reached = null;
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
        memory.rows++;
        reached = offset;
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
