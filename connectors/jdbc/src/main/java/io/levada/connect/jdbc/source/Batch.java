/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way to being records. Looks one row ahead, and where it can ends a batch between two moments, so that a restart
 * there repeats nothing.
 */
final class Batch {

    private final Relation relation;
    private final Mode mode;
    private final SafeOffset safe;
    private final List<Ready> ready = new ArrayList<>();

    private JdbcOffset last = JdbcOffset.NONE;
    private @Nullable Row ahead;
    private @Nullable JdbcOffset handedOut;
    private int takeable;

    Batch(Relation relation, Mode mode) {
        this.relation = relation;
        this.mode = mode;
        this.safe = new SafeOffset(mode);
    }

    /** A row with its offset; {@code complete} if a restart after it would not repeat it. */
    private record Ready(Row row, JdbcOffset offset, boolean complete) {}

    /** Begins with a new result, whose rows come after {@code offset}. */
    void begin(JdbcOffset offset) {
        discard();
        last = offset;
    }

    /** Forgets rows that were read but not taken. */
    void discard() {
        ready.clear();
        ahead = null;
        takeable = 0;
    }

    /** Reads until {@code max} rows are ready or the result ends; true if there is more of it. */
    boolean fill(Cursor cursor, int max) throws SQLException {
        if (ahead == null) {
            ahead = cursor.next();
        }
        while (ahead != null && ready.size() < max) {
            Row following = cursor.next();
            last = safe.after(last, ahead, following);
            ready.add(new Ready(ahead, last, safe.completes(ahead, following)));
            ahead = following;
        }
        takeable = ahead == null ? ready.size() : upToLastComplete();
        return ahead != null;
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
        List<Ready> taken = ready.subList(0, takeable);
        List<SourceRecord> records = new ArrayList<>(taken.size());
        for (Ready each : taken) {
            records.add(record(each));
            handedOut = each.offset();
        }
        taken.clear();
        takeable = 0;
        return records;
    }

    /** The offset of the last record taken, or {@code before} if none was since the last call. */
    JdbcOffset offset(JdbcOffset before) {
        JdbcOffset offset = handedOut == null ? before : handedOut;
        handedOut = null;
        return offset;
    }

    private SourceRecord record(Ready each) {
        return new SourceRecord(
                relation.partition(),
                mode == Mode.BULK ? null : each.offset().toMap(),
                relation.topic(),
                null,
                null,
                null,
                each.row().value().schema(),
                each.row().value());
    }
}
