/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One result after the other: a cursor on it while it is read, and the batch that its rows become. Used by the task's thread. */
final class ResultReader {

    private final Relation relation;
    private final SourceOptions options;
    private final Dialect dialect;
    private final Database database;
    private final Batch batch;
    private final @Nullable LateRows late;

    private @Nullable Cursor cursor;

    /** What the opener said that opened nothing. */
    private TableReader.Outcome without = TableReader.Outcome.DONE;

    /**
     * @param mode by which rows are told apart
     * @param late to read over rows that were handed out before; null if there are none
     * @param form makes the offsets of records
     */
    ResultReader(
            Relation relation,
            SourceOptions options,
            Mode mode,
            Dialect dialect,
            Database database,
            @Nullable LateRows late,
            Batch.OffsetForm form) {
        this.relation = relation;
        this.options = options;
        this.dialect = dialect;
        this.database = database;
        this.late = late;
        this.batch = new Batch(
                relation, mode, options.poll().batchMaxRows(), options.poll().batchMaxBytes(), late, form);
    }

    /** Looks for something to read. */
    @FunctionalInterface
    interface Opener {
        /** Calls {@link #open}, or says why there is nothing to read now. */
        TableReader.Outcome open(Connection connection) throws SQLException;
    }

    /**
     * Fills the batch, from a result that is opened if none is.
     *
     * @return MORE while the result has more rows; afterwards it is closed
     */
    TableReader.Outcome read(Opener opener) throws SQLException {
        try {
            Cursor open = cursor == null ? opened(opener) : cursor;
            if (open == null) {
                return without;
            }
            boolean more = batch.fill(open);
            if (!more) {
                close();
            }
            return more ? TableReader.Outcome.MORE : TableReader.Outcome.DONE;
        } catch (SQLException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private @Nullable Cursor opened(Opener opener) throws SQLException {
        Connection connection = database.connect();
        try {
            without = opener.open(connection);
            if (cursor == null) {
                connection.close();
            }
            return cursor;
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    /**
     * Opens a result.
     *
     * @param after what its rows come after
     * @param primaryKey of the table
     */
    void open(
            Connection connection,
            NewRowsQuery.Kind kind,
            NewRowsQuery query,
            String select,
            JdbcOffset after,
            List<String> primaryKey)
            throws SQLException {
        String suffix = options.tables().querySuffix();
        PollOptions poll = options.poll();
        PreparedStatement statement =
                connection.prepareStatement(query.sql(select) + (suffix.isEmpty() ? "" : "\n" + suffix));
        statement.setFetchSize(Cursor.firstRows(poll.batchMaxRows()));
        query.bind(statement);
        ResultSet result = statement.executeQuery();
        cursor = new Cursor(
                connection,
                statement,
                result,
                mapper(kind.columns(), result, after, primaryKey),
                late == null ? row -> false : late::knows,
                poll.batchMaxRows(),
                poll.batchMaxBytes());
    }

    private Cursor.RowMapper mapper(
            FollowedColumns followed, ResultSet result, JdbcOffset after, List<String> primaryKey) throws SQLException {
        List<Column> columns = Column.of(result.getMetaData());
        RowShape shape = RowShape.of(relation, columns, dialect, options.types());
        PlaceReader places =
                PlaceReader.of(followed, columns, dialect, options.types().zone());
        batch.begin(
                after, RecordKey.of(relation, options.topics().keyOption(), keyColumns(primaryKey), shape.schema()));
        return rows -> shape.read(rows, places.read(rows));
    }

    private List<String> keyColumns(List<String> primaryKey) {
        return switch (options.topics().key()) {
            case NONE -> List.of();
            case PRIMARY_KEY -> primaryKey;
            case COLUMNS -> options.topics().keyColumns();
        };
    }

    /** What was read, handed out once. */
    Batch batch() {
        return batch;
    }

    boolean isOpen() {
        return cursor != null;
    }

    /** Forgets what was read and not taken, and closes the result. */
    void rest() throws SQLException {
        batch.discard();
        close();
    }

    private void close() throws SQLException {
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
}
