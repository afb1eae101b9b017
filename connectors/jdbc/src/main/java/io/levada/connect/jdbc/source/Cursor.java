/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An open query whose rows the server hands out in portions, within a transaction of its own; owns its connection. Used by
 * the task's thread only.
 *
 * <p>A portion lies in memory whole, so its rows are counted by how wide rows are: the first is small, and each of the others is at
 * most {@link #GROWTH} times as large as the one before, if rows as wide as the widest of that one fit into the bytes allowed.
 */
final class Cursor implements AutoCloseable {

    /** Rows of the first portion. */
    static final int FIRST_ROWS = 16;

    private static final int GROWTH = 4;

    /** Makes a row of the current position. */
    interface RowMapper {
        Row map(ResultSet rows) throws SQLException;
    }

    private final Connection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final RowMapper mapper;
    private final Predicate<Row> skipped;
    private final int rowsMax;
    private final long bytesMax;

    private int portion;
    private int read;
    private long widest = 1;

    /**
     * @param statement whose fetch size is {@link #firstRows}
     * @param skipped rows that are read over
     * @param rowsMax most rows in one portion
     * @param bytesMax about as many bytes in one portion
     */
    Cursor(
            Connection connection,
            PreparedStatement statement,
            ResultSet rows,
            RowMapper mapper,
            Predicate<Row> skipped,
            int rowsMax,
            long bytesMax) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.mapper = mapper;
        this.skipped = skipped;
        this.rowsMax = rowsMax;
        this.bytesMax = bytesMax;
        this.portion = firstRows(rowsMax);
    }

    static int firstRows(int rowsMax) {
        return Math.min(FIRST_ROWS, rowsMax);
    }

    /** The next row, or null after the last. */
    @Nullable
    Row next() throws SQLException {
        while (rows.next()) {
            Row row = mapper.map(rows);
            widest = Math.max(widest, row.bytes());
            read++;
            if (read == portion) {
                planNextPortion();
            }
            if (!skipped.test(row)) {
                return row;
            }
        }
        return null;
    }

    private void planNextPortion() throws SQLException {
        int next = (int) Math.max(1, Math.min(Math.min(rowsMax, (long) portion * GROWTH), bytesMax / widest));
        if (next != portion) {
            rows.setFetchSize(next);
            portion = next;
        }
        read = 0;
        widest = 1;
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                statement;
                rows) {
            // The pool ends the transaction, and with it the server's side of the cursor.
        }
    }
}
