/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads one range of a table's first load in the order of its keys. It waits until no transaction can commit a row of it any more: those
 * that are open now, as the ranges end where numbers or the clock had been when they were planned. It looks again until the table is
 * followed, as rows may come that nothing could wait for: with a number taken long ago, or a moment that is not the server's.
 */
final class RangeLoader implements TableReader {

    private final Relation relation;
    private final RangeQueries queries;
    private final int index;
    private final ModeOptions mode;
    private final Dialect dialect;
    private final SettledBounds bounds;
    private final Incarnation incarnation;
    private final ResultReader result;
    private final ReadProgress.Part progress;

    private JdbcOffset place;
    private long rows;
    private @Nullable Structure structure;
    private boolean begun;
    private boolean settled;
    private boolean through;

    /**
     * @param relation with the source partition of the range
     * @param stored where an earlier task left off; null if there was none
     */
    RangeLoader(
            Relation relation,
            Ranges ranges,
            int index,
            @Nullable RangeOffset stored,
            SourceOptions options,
            Dialect dialect,
            Database database,
            ReadProgress progress,
            LongSupplier nanoTime) {
        this.relation = relation;
        this.queries = new RangeQueries(
                relation, ranges, options.mode(), dialect, options.types().zone());
        this.index = index;
        this.mode = options.mode();
        this.dialect = dialect;
        this.bounds = new SettledBounds(mode, dialect, nanoTime);
        this.incarnation = new Incarnation(relation, dialect);
        this.place = stored == null ? JdbcOffset.NONE : new JdbcOffset(stored.key(), null);
        this.rows = stored == null ? 0 : stored.rows();
        this.result = new ResultReader(
                relation, options, Mode.INCREMENTING, dialect, database, null, at -> offset(ranges, at));
        this.progress = progress.part(relation, ranges.name(index));
    }

    /** A row that shares its key with others is told by the key before until the last of them; at first there is none. */
    private @Nullable Map<String, ?> offset(Ranges ranges, JdbcOffset at) {
        rows++;
        return at.incrementing() == null ? null : new RangeOffset(at.incrementing(), rows, ranges).toMap();
    }

    @Override
    public Outcome read() throws SQLException {
        Outcome outcome = result.read(this::open);
        through = outcome == Outcome.DONE;
        if (through) {
            settled = false;
        }
        return outcome;
    }

    @Override
    public List<SourceRecord> records() {
        List<SourceRecord> records = result.batch().take();
        if (!records.isEmpty()) {
            place = result.batch().offset();
            progress.read(records.size());
        }
        if (through) {
            progress.end();
        }
        return records;
    }

    private Outcome open(Connection connection) throws SQLException {
        Structure now = Structure.of(relation, dialect, connection, structure);
        structure = now;
        NewRowsQuery.Kind kind = queries.kind(index, now.columns());
        if (mode.mode() == Mode.INCREMENTING
                && incarnation.beginsAnew(
                        connection, queries.all(now.columns()), queries.ranges().upto())) {
            return Outcome.DONE; // who is to follow the table notices, too, and reads it all
        }
        if (!begun) {
            progress.begin(
                    RowEstimate.of(
                            connection, relation, dialect, queries.ranges().count()),
                    rows);
            begun = true;
        }
        if (!settled) {
            Optional<Bound> bound = bounds.settled(connection, kind, queries.bound());
            if (bound.isEmpty()) {
                return Outcome.HELD_BACK;
            }
            settled = true;
        }
        result.open(
                connection,
                kind,
                new NewRowsQuery(kind, place, null, queries.bound()),
                relation.selectForConditions(now.columns()),
                place,
                now.primaryKey());
        return Outcome.MORE;
    }

    @Override
    public boolean isWhole() {
        return result.batch().isWhole();
    }

    @Override
    public boolean isReading() {
        return result.isOpen();
    }

    @Override
    public boolean mayRest() {
        return isWhole();
    }

    @Override
    public void rest() throws SQLException {
        result.rest();
    }

    @Override
    public String toString() {
        return relation + " in range " + queries.ranges().name(index);
    }
}
