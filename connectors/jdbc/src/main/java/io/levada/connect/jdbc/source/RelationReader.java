/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table, or the query, over and over: opens a cursor on what is new, hands out its rows in batches, closes it. A pass that
 * is broken off goes on after the last row handed out. Owned by the task's thread.
 */
public final class RelationReader {

    private final Relation relation;
    private final SourceOptions options;
    private final ModeOptions mode;
    private final Dialect dialect;
    private final Database database;
    private final SettledBounds bounds;
    private final Incarnation incarnation;
    private final Batch batch;
    private final @Nullable LateRows late;
    private final @Nullable DeletedRows deleted;

    private JdbcOffset offset;
    private boolean begun;
    private @Nullable Structure structure;
    private @Nullable Cursor cursor;

    /** The bound of the pass that has begun and is not through, and its last row handed out, if the offset does not tell it. */
    private @Nullable Bound passBound;

    private @Nullable Row unfinished;

    public RelationReader(
            Relation relation,
            SourceOptions options,
            Dialect dialect,
            Database database,
            Beginning beginning,
            LongSupplier nanoTime) {
        this.relation = relation;
        this.options = options;
        this.mode = options.mode();
        this.dialect = dialect;
        this.database = database;
        this.bounds = new SettledBounds(mode, dialect, nanoTime);
        this.incarnation = new Incarnation(relation, dialect);
        this.offset = beginning.offset();
        this.late = beginning.window().isZero()
                ? null
                : new LateRows(
                        beginning.window(),
                        mode.mode() == Mode.TIMESTAMP || options.tables().isQuery(),
                        offset,
                        nanoTime);
        if (late != null && beginning.late() != null) {
            late.restore(beginning.late());
        }
        ToldKeys told = beginning.told();
        this.batch = new Batch(
                relation,
                mode.mode(),
                options.poll().batchMaxRows(),
                options.poll().batchMaxBytes(),
                late,
                told);
        this.deleted = told == null ? null : new DeletedRows(relation, options, dialect, told, nanoTime);
    }

    /** What a call of {@link #read()} found. */
    public enum Outcome {
        /** There may be more at once. */
        MORE,
        /** All that was new has been read. */
        DONE,
        /** There may be new rows, but transactions that are open hold them back. */
        HELD_BACK
    }

    /**
     * Reads the next batch; {@link #records()} gives it.
     *
     * @throws SQLException if the database fails; the reader then goes on after the last record it gave
     */
    public Outcome read() throws SQLException {
        try {
            if (deleted != null && begun && cursor == null && passBound == null && deleted.isDue()) {
                look(deleted);
                return Outcome.MORE;
            }
            if (cursor == null) {
                Outcome without = open();
                if (cursor == null) {
                    return without;
                }
            }
            boolean more = batch.fill(cursor);
            if (!more) {
                closeCursor();
                passBound = null;
                unfinished = null;
            }
            return more ? Outcome.MORE : Outcome.DONE;
        } catch (SQLException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private void look(DeletedRows rows) throws SQLException {
        if (rows.isToBegin()) {
            Connection connection = database.connect();
            try {
                rows.begin(connection, kind(connection), keyColumns());
            } catch (SQLException | RuntimeException e) {
                closeAfter(e, connection);
                throw e;
            }
        }
        rows.read();
    }

    /** The records of the last {@link #read()}, handed out once. */
    public List<SourceRecord> records() {
        List<SourceRecord> tombstones = deleted == null ? List.of() : deleted.tombstones();
        if (!tombstones.isEmpty()) {
            return tombstones;
        }
        List<SourceRecord> records = batch.take();
        if (!records.isEmpty()) {
            offset = batch.offset();
            unfinished = passBound == null ? null : batch.unfinished();
        }
        return records;
    }

    /** Opens the cursor if there may be something to read; otherwise says why there is none. */
    private Outcome open() throws SQLException {
        Connection connection = database.connect();
        try {
            Outcome outcome = open(connection);
            if (cursor == null) {
                connection.close();
            }
            return outcome;
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    private Outcome open(Connection connection) throws SQLException {
        NewRowsQuery.Kind kind = kind(connection);
        if (passBound == null) {
            if (mode.mode() == Mode.INCREMENTING && incarnation.beginsAnew(connection, kind, offset)) {
                begin(JdbcOffset.NONE);
            }
            if (!begun) {
                begin(initial(connection));
            }
            if (late != null) {
                offset = late.floor();
            }
            Optional<Bound> bound = bounds.next(connection, kind, offset);
            if (bound.isEmpty()) {
                return Outcome.HELD_BACK;
            }
            if (bound.get().equals(Bound.NOTHING)) {
                return Outcome.DONE;
            }
            passBound = bound.get();
        }
        NewRowsQuery query = new NewRowsQuery(kind, offset, unfinished, passBound);
        List<Column> columns = structure == null ? List.of() : structure.columns();
        String select = mode.mode() == Mode.BULK ? relation.select(columns) : relation.selectForConditions(columns);
        cursor = execute(connection, kind.columns(), query, select);
        return Outcome.MORE;
    }

    /** Looks what the relation is like now. */
    private NewRowsQuery.Kind kind(Connection connection) throws SQLException {
        Structure now = Structure.of(relation, dialect, connection, structure);
        structure = now;
        FollowedColumns followed = FollowedColumns.of(relation, now.columns(), mode, dialect);
        return new NewRowsQuery.Kind(
                relation, followed, order(now), dialect, options.types().zone());
    }

    private void begin(JdbcOffset place) {
        begun = true;
        offset = place;
        if (late != null) {
            late.reset(place);
        }
    }

    /** The key that tells rows of one moment, or all of them, apart. */
    private List<String> order(Structure now) {
        return mode.mode().usesIncrementing() ? List.of() : now.order(relation);
    }

    private JdbcOffset initial(Connection connection) throws SQLException {
        Long initial = mode.timestampInitial();
        if (initial == null || offset.timestamp() != null || !mode.mode().usesTimestamp()) {
            return offset;
        }
        return new JdbcOffset(
                offset.incrementing(), initial == -1 ? dialect.now(connection) : Instant.ofEpochMilli(initial));
    }

    private Cursor execute(Connection connection, FollowedColumns followed, NewRowsQuery query, String select)
            throws SQLException {
        String suffix = options.tables().querySuffix();
        PollOptions poll = options.poll();
        PreparedStatement statement =
                connection.prepareStatement(query.sql(select) + (suffix.isEmpty() ? "" : "\n" + suffix));
        statement.setFetchSize(Cursor.firstRows(poll.batchMaxRows()));
        query.bind(statement);
        ResultSet result = statement.executeQuery();
        return new Cursor(
                connection,
                statement,
                result,
                mapper(followed, result),
                late == null ? row -> false : late::knows,
                poll.batchMaxRows(),
                poll.batchMaxBytes());
    }

    private Cursor.RowMapper mapper(FollowedColumns followed, ResultSet result) throws SQLException {
        List<Column> columns = Column.of(result.getMetaData());
        RowShape shape = RowShape.of(relation, columns, dialect, options.types());
        PlaceReader places =
                PlaceReader.of(followed, columns, dialect, options.types().zone());
        batch.begin(offset, RecordKey.of(relation, keyColumns(), shape.schema()));
        return rows -> shape.read(rows, places.read(rows));
    }

    private List<String> keyColumns() {
        return switch (options.topics().key()) {
            case NONE -> List.of();
            case PRIMARY_KEY -> structure == null ? List.of() : structure.primaryKey();
            case COLUMNS -> options.topics().keyColumns();
        };
    }

    /** True if a restart would repeat nothing that was handed out; in mode bulk always, since it begins anew anyway. */
    public boolean isWhole() {
        return batch.isWhole();
    }

    /** True while the pass that has begun keeps a transaction open. */
    public boolean isReading() {
        return cursor != null || (deleted != null && deleted.isReading());
    }

    /** True if a pass that is broken off now goes on after the last record handed out, and repeats none. */
    public boolean mayRest() {
        return unfinished == null || (structure != null && !order(structure).isEmpty());
    }

    /** Ends the transaction of a pass that is under way; the next {@link #read()} goes on after the last record handed out. */
    public void rest() throws SQLException {
        batch.discard();
        closeCursor();
        if (deleted != null) {
            deleted.rest();
        }
    }

    private void closeCursor() throws SQLException {
        Cursor open = cursor;
        cursor = null;
        if (open != null) {
            open.close();
        }
    }

    private void abandon(Exception cause) {
        try {
            rest();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void closeAfter(Exception cause, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public String toString() {
        return relation.toString();
    }
}
