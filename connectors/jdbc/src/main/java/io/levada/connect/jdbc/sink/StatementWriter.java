/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.RowTarget;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Executes rows of one target as batches of one statement, whose plan the driver keeps. */
final class StatementWriter {

    /** What the driver holds of a batch in its own form; rows are added until their values take as much. */
    private static final long BATCH_BYTES = 8L << 20;

    private final InsertMode insertMode;
    private final Dialect dialect;

    StatementWriter(SinkOptions options, Dialect dialect) {
        this.insertMode = options.insertMode();
        this.dialect = dialect;
    }

    /**
     * Executes within the connection's transaction.
     *
     * @param rows at least one, all of the same target
     * @throws DataException if a row that must be there is not
     */
    void execute(List<Row> rows, Connection connection) throws SQLException {
        Target target = rows.get(0).target();
        try {
            if (target.shape().kind() == Shape.Kind.TRUNCATE) {
                dialect.deleteAll(connection, target.rows().table());
            } else if (target.shape().kind() != Shape.Kind.PATCH
                    || !target.rows().others().isEmpty()) {
                execute(target, oneForEachKey(target, rows), connection);
            }
        } catch (BatchUpdateException e) {
            // The driver's wrapper says no more than the server's own words within it.
            throw e.getNextException() == null ? e : e.getNextException();
        }
    }

    /** One statement must not touch a row twice (cardinality_violation), and the last of a key's changes wins anyway. */
    private Collection<Row> oneForEachKey(Target target, List<Row> rows) {
        if (insertMode == InsertMode.INSERT && target.shape().kind() == Shape.Kind.WRITE) {
            return rows;
        }
        Map<Object, Row> last = new LinkedHashMap<>();
        rows.forEach(row -> last.put(row.key(), row));
        return last.values();
    }

    private void execute(Target target, Collection<Row> rows, Connection connection) throws SQLException {
        List<Column> columns = target.rows().columns();
        int keys = target.rows().keys().size();
        boolean keysLast = updates(target);
        try (PreparedStatement statement = connection.prepareStatement(sql(target))) {
            long bytes = 0;
            for (Row row : rows) {
                @Nullable Object[] values = row.values();
                for (int i = 0; i < values.length; i++) {
                    int place = keysLast ? (i < keys ? values.length - keys + i : i - keys) : i;
                    dialect.bind(statement, place + 1, columns.get(i), values[i]);
                }
                statement.addBatch();
                bytes += row.sizeBytes();
                if (bytes >= BATCH_BYTES) {
                    check(target, statement.executeBatch());
                    bytes = 0;
                }
            }
            check(target, statement.executeBatch());
        }
    }

    private static void check(Target target, int[] counts) {
        if (target.shape().kind() != Shape.Kind.PATCH) {
            return;
        }
        for (int count : counts) {
            if (count == 0) {
                throw new DataException(
                        "the event tells some columns only, and the row that has the others is not in table "
                                + target.shape().table());
            }
        }
    }

    private boolean updates(Target target) {
        return target.shape().kind() == Shape.Kind.PATCH
                || (target.shape().kind() == Shape.Kind.WRITE && insertMode == InsertMode.UPDATE);
    }

    private String sql(Target target) {
        RowTarget rows = target.rows();
        if (target.shape().kind() == Shape.Kind.DELETE) {
            return dialect.delete(rows);
        }
        if (updates(target)) {
            if (rows.others().isEmpty()) {
                throw new DataException("insert.mode=update has nothing to change: every field is part of the key");
            }
            return dialect.update(rows);
        }
        return insertMode == InsertMode.INSERT ? dialect.insert(rows) : dialect.upsert(rows);
    }
}
