/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An open query whose rows the server hands out in portions, within a transaction of its own; owns its connection. Used by
 * the task's thread only.
 */
final class Cursor implements AutoCloseable {

    /** Makes a row of the current position. */
    interface RowMapper {
        Row map(ResultSet rows) throws SQLException;
    }

    private final Connection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final RowMapper mapper;

    Cursor(Connection connection, PreparedStatement statement, ResultSet rows, RowMapper mapper) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.mapper = mapper;
    }

    /** The next row, or null after the last. */
    @Nullable
    Row next() throws SQLException {
        return rows.next() ? mapper.map(rows) : null;
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
