/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way to being records. Looks one row ahead, and where it can ends a batch between two places, so that a restart
 * there repeats nothing.
 */
final class Batch {

    private final Relation relation;
    private final Mode mode;
    private final int rowsMax;
    private final long bytesMax;
    private final @Nullable LateRows late;
    private final @Nullable ToldKeys told;
    private final OffsetForm form;
    private final List<Ready> ready = new ArrayList<>();

    private RecordKey keys = RecordKey.NONE;
    private JdbcOffset last = JdbcOffset.NONE;
    private @Nullable Row ahead;
    private @Nullable Ready taken;
    private JdbcOffset takenOffset = JdbcOffset.NONE;
    private int takeable;

    /**
     * @param rowsMax most rows handed out at once
     * @param bytesMax about as many bytes of rows are handed out at once; a larger row goes alone
     * @param late to remember the rows that are handed out; null if none are looked for again
     * @param told to remember their keys, and to make their offsets; null if deleted rows are not looked for
     * @param form makes the offsets of records
     */
    Batch(
            Relation relation,
            Mode mode,
            int rowsMax,
            long bytesMax,
            @Nullable LateRows late,
            @Nullable ToldKeys told,
            OffsetForm form) {
        this.relation = relation;
        this.mode = mode;
        this.rowsMax = rowsMax;
        this.bytesMax = bytesMax;
        this.late = late;
        this.told = told;
        this.form = form;
    }

    /** How a place is stored. */
    @FunctionalInterface
    interface OffsetForm {
        /** Called for each record in turn; null stores nothing. */
        @Nullable
        Map<String, ?> of(JdbcOffset place);
    }

    /** A row with its offset; {@code complete} if a restart after it would not repeat it. */
    private record Ready(Row row, JdbcOffset offset, boolean complete) {}

    /** Begins with a new result, whose rows come after {@code offset}. */
    void begin(JdbcOffset offset, RecordKey keysOfRows) {
        discard();
        if (late != null) {
            late.beginReading();
        }
        last = offset;
        keys = keysOfRows;
        if (told != null) {
            told.begin(keys.schema(), keys.moments());
        }
    }

    /** Forgets rows that were read but not taken. */
    void discard() {
        ready.clear();
        ahead = null;
        takeable = 0;
    }

    /** Reads until the batch is full or the result ends; true if there is more of it. */
    boolean fill(Cursor cursor) throws SQLException {
        long bytes = ready.stream().mapToLong(each -> each.row().bytes()).sum();
        if (ahead == null) {
            ahead = cursor.next();
        }
        while (ahead != null && ready.size() < rowsMax && bytes < bytesMax) {
            Row following = cursor.next();
            boolean complete = completes(ahead, following);
            last = complete ? ahead.at() : last;
            ready.add(new Ready(ahead, last, complete));
            bytes += ahead.bytes();
            ahead = following;
        }
        takeable = ahead == null ? ready.size() : upToLastComplete();
        return ahead != null;
    }

    /**
     * True if a restart right after {@code row} would not repeat it. Several rows may share a place: a moment in mode timestamp, a
     * number where a query joins. Only after the last of them may an offset name it: until then it stays at the place before. That a
     * row is the last of its place shows in the row after it. In mode bulk every row may end a batch.
     */
    private static boolean completes(Row row, @Nullable Row following) {
        return following == null
                || row.at().equals(JdbcOffset.NONE)
                || !row.at().equals(following.at());
    }

    /** All, if one moment fills the batch: it has to be handed out in pieces then. */
    private int upToLastComplete() {
        for (int i = ready.size(); i > 0; i--) {
            if (ready.get(i - 1).complete()) {
                return i;
            }
        }
        return ready.size();
    }

    /** Takes the records that may be handed out. */
    List<SourceRecord> take() {
        List<Ready> taking = ready.subList(0, takeable);
        List<Struct> values = new ArrayList<>(takeable);
        List<JdbcOffset> places = new ArrayList<>(takeable);
        LateRows.Carried before = late == null ? null : late.lastCarried();
        for (Ready each : taking) {
            takenOffset = late == null ? each.offset() : late.add(each.offset());
            places.add(takenOffset);
            values.add(each.row().value());
            taken = each;
        }
        taking.clear();
        takeable = 0;
        return values.isEmpty() ? List.of() : records(values, places, before);
    }

    /** @param before what the record before these carries of late rows */
    private List<SourceRecord> records(
            List<Struct> values, List<JdbcOffset> places, LateRows.@Nullable Carried before) {
        List<@Nullable Struct> keysOfRows = new ArrayList<>(values.size());
        values.forEach(value -> keysOfRows.add(keys.of(value)));
        List<ToldKeys.Stored> stored = told == null ? null : told.tell(keysOfRows, places);
        // What is known of late rows is told by the last alone, and by the others as it was before: it is the same for
        // all of these.
        LateRows.Carried after = late == null ? null : late.carried();
        List<SourceRecord> records = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            LateRows.Carried known = i == values.size() - 1 ? after : before;
            ToldKeys.Stored of = stored == null
                    ? new ToldKeys.Stored(relation.partition(), known == null ? form.of(places.get(i)) : offset(known))
                    : stored.get(i);
            records.add(record(keysOfRows.get(i), values.get(i), of.partition(), of.offset()));
        }
        return records;
    }

    private @Nullable Map<String, ?> offset(LateRows.Carried known) {
        Map<String, ?> offset = form.of(known.place());
        if (known.rows() == null || offset == null) {
            return offset;
        }
        Map<String, Object> withLate = new HashMap<>(offset);
        withLate.put(LateRows.LATE, known.rows());
        return withLate;
    }

    /** The offset of the last record taken. */
    JdbcOffset offset() {
        return takenOffset;
    }

    /** True if a restart at {@link #offset} would repeat nothing that was taken. */
    boolean isWhole() {
        return taken == null || taken.complete();
    }

    /** The last row taken, if others may follow that its offset does not tell from it; null if all before it are done with. */
    @Nullable
    Row unfinished() {
        return taken == null || late != null || (taken.complete() && mode != Mode.BULK) ? null : taken.row();
    }

    private SourceRecord record(
            @Nullable Struct key, Struct value, Map<String, String> partition, @Nullable Map<String, ?> offset) {
        return new SourceRecord(partition, offset, relation.topic(), null, keys.schema(), key, value.schema(), value);
    }
}
