/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.ReadOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table, or the query, over and over: opens a cursor on what is new, hands out its rows in batches, closes it. Owned by
 * the task's thread.
 */
public final class RelationReader {

    private final Relation relation;
    private final ModeOptions mode;
    private final String suffix;
    private final int batchMaxRows;
    private final ReadOptions readOptions;
    private final Dialect dialect;
    private final Database database;
    private final SettledBounds bounds;
    private final Batch batch;

    private JdbcOffset offset;
    private @Nullable Cursor cursor;

    /** @param offset where an earlier task left off */
    public RelationReader(
            Relation relation,
            SourceOptions options,
            Dialect dialect,
            Database database,
            JdbcOffset offset,
            LongSupplier nanoTime) {
        this.relation = relation;
        this.mode = options.mode();
        this.suffix = options.tables().querySuffix();
        this.batchMaxRows = options.poll().batchMaxRows();
        this.readOptions = options.types();
        this.dialect = dialect;
        this.database = database;
        this.bounds = new SettledBounds(relation, mode, dialect, nanoTime);
        this.offset = offset;
        this.batch = new Batch(relation, mode.mode());
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
            if (cursor == null) {
                Outcome without = open();
                if (cursor == null) {
                    return without;
                }
                batch.begin(offset);
            }
            boolean more = batch.fill(cursor, batchMaxRows);
            if (!more) {
                close();
            }
            return more ? Outcome.MORE : Outcome.DONE;
        } catch (SQLException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    /** The records of the last {@link #read()}, handed out once. */
    public List<SourceRecord> records() {
        List<SourceRecord> records = new ArrayList<>(batch.take());
        offset = batch.offset(offset);
        return records;
    }

    /** Opens the cursor if there may be something to read; otherwise says why there is none. */
    private Outcome open() throws SQLException {
        Connection connection = database.connect();
        try {
            Outcome outcome = mode.mode() == Mode.BULK ? openAll(connection) : openNew(connection);
            if (cursor == null) {
                connection.close();
            }
            return outcome;
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    private Outcome openAll(Connection connection) throws SQLException {
        List<Column> columns = relation.excluded().isEmpty() ? List.of() : relation.columns(connection);
        cursor = execute(connection, new FollowedColumns(null, List.of()), relation.select(columns), statement -> {});
        return Outcome.MORE;
    }

    private Outcome openNew(Connection connection) throws SQLException {
        List<Column> columns = relation.columns(connection);
        FollowedColumns followed = FollowedColumns.of(relation, columns, mode, dialect);
        if (offset.timestamp() == null && mode.mode().usesTimestamp()) {
            offset = initial(connection);
        }
        Optional<Bound> bound = bounds.next(connection, followed, offset);
        if (bound.isEmpty()) {
            return Outcome.HELD_BACK;
        }
        if (bound.get().equals(Bound.NOTHING)) {
            return Outcome.DONE;
        }
        NewRowsQuery query =
                new NewRowsQuery(followed, relation.identifiers(), dialect, readOptions.zone(), offset, bound.get());
        cursor = execute(connection, followed, query.sql(relation.selectForConditions(columns)), query::bind);
        return Outcome.MORE;
    }

    private JdbcOffset initial(Connection connection) throws SQLException {
        Long initial = mode.timestampInitial();
        if (initial == null) {
            return offset;
        }
        return new JdbcOffset(
                offset.incrementing(), initial == -1 ? dialect.now(connection) : Instant.ofEpochMilli(initial));
    }

    /** Sets a statement's parameters. */
    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private Cursor execute(Connection connection, FollowedColumns followed, String select, Binding binding)
            throws SQLException {
        String sql = suffix.isEmpty() ? select : select + " " + suffix;
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setFetchSize(batchMaxRows);
        binding.bind(statement);
        ResultSet result = statement.executeQuery();
        RowShape shape = RowShape.of(relation, Column.of(result.getMetaData()), dialect, readOptions);
        return new Cursor(
                connection,
                statement,
                result,
                rows -> new Row(
                        shape.read(rows),
                        followed.readIncrementing(rows),
                        followed.readTimestamp(rows, dialect, readOptions.zone())));
    }

    /** Ends a read that is under way; the next one begins after the last record handed out. */
    public void close() throws SQLException {
        Cursor open = cursor;
        cursor = null;
        if (open != null) {
            open.close();
        }
    }

    private void abandon(Exception cause) {
        batch.discard();
        try {
            close();
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
