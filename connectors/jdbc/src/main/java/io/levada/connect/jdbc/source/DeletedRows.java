/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then which keys are there, in one statement, and makes tombstones for those that were told and are not. No rows are
 * read from when the look begins until its tombstones are handed over: the record of a row that comes back is behind its tombstone.
 * Owned by the task's thread.
 */
final class DeletedRows {

    /** So many keys are read before the task may be asked for something else. */
    private static final int KEYS_AT_ONCE = 10_000;

    private final Relation relation;
    private final SourceOptions options;
    private final Dialect dialect;
    private final ToldKeys told;
    private final LongSupplier nanoTime;

    private long dueNanos;
    private @Nullable Cursor cursor;
    private RecordKey keys = RecordKey.NONE;
    private boolean isTelling;

    DeletedRows(Relation relation, SourceOptions options, Dialect dialect, ToldKeys told, LongSupplier nanoTime) {
        this.relation = relation;
        this.options = options;
        this.dialect = dialect;
        this.told = told;
        this.nanoTime = nanoTime;
        this.dueNanos = nanoTime.getAsLong();
    }

    /** True if a look is under way or is to begin. */
    boolean isDue() {
        return cursor != null || isTelling || nanoTime.getAsLong() - dueNanos >= 0;
    }

    /** True if {@link #begin} comes next. */
    boolean isToBegin() {
        return cursor == null && !isTelling;
    }

    /** True while a transaction is open. */
    boolean isReading() {
        return cursor != null;
    }

    /**
     * Begins a look.
     *
     * @param connection which is closed with the look
     * @param key columns of the records' keys
     */
    void begin(Connection connection, NewRowsQuery.Kind kind, List<String> key) throws SQLException {
        if (key.isEmpty()) {
            told.begin(null, Map.of());
        }
        if (connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
            throw new ConnectException(
                    "the database reads what is not committed, so that a row counts as deleted whose deletion is"
                            + " rolled back; set transaction.isolation.mode=READ_COMMITTED for " + DeleteOptions.DETECT
                            + "=keys");
        }
        PreparedStatement statement = connection.prepareStatement(relation.selectColumns(key));
        dialect.expectRows(statement); // values are to be read as those of the records were
        statement.setFetchSize(Cursor.firstRows(KEYS_AT_ONCE));
        new NewRowsQuery(kind, JdbcOffset.NONE, null, Bound.NONE).bind(statement);
        ResultSet result = statement.executeQuery();
        RowShape shape = RowShape.of(relation, Column.of(result.getMetaData()), dialect, options.types());
        keys = RecordKey.of(relation, options.topics().keyOption(), key, shape);
        told.begin(keys.schema(), keys.moments());
        told.beginLook();
        cursor = new Cursor(
                connection,
                statement,
                result,
                rows -> shape.read(rows, JdbcOffset.NONE),
                row -> false,
                KEYS_AT_ONCE,
                options.poll().batchMaxBytes());
    }

    /** Reads on; once all keys are read, {@link #tombstones} has what is to be told. */
    void read() throws SQLException {
        Cursor open = cursor;
        if (open == null) {
            return;
        }
        for (int i = 0; i < KEYS_AT_ONCE; i++) {
            Row row = open.next();
            if (row == null) {
                rest();
                isTelling = true;
                return;
            }
            told.see(key(row));
        }
    }

    private Struct key(Row row) {
        Struct key = keys.of(row.value());
        if (key == null) {
            throw new IllegalStateException("a look without key has begun");
        }
        return key;
    }

    /** The next tombstones to be handed over. */
    List<SourceRecord> tombstones() {
        if (!isTelling) {
            return List.of();
        }
        int max = options.poll().batchMaxRows();
        List<ToldKeys.Gone> gone = told.takeGone(max);
        if (gone.size() < max) {
            isTelling = false;
            Duration interval = options.deletes().interval();
            dueNanos = nanoTime.getAsLong() + interval.toNanos();
        }
        return gone.stream().map(this::tombstone).toList();
    }

    private SourceRecord tombstone(ToldKeys.Gone gone) {
        Schema schema = gone.key().schema();
        return new SourceRecord(
                gone.stored().partition(),
                gone.stored().offset(),
                relation.topic(),
                null,
                schema,
                gone.key(),
                null,
                null);
    }

    /** Ends the transaction; a look that is under way begins anew. */
    void rest() throws SQLException {
        Cursor open = cursor;
        cursor = null;
        if (open != null) {
            open.close();
        }
    }
}
