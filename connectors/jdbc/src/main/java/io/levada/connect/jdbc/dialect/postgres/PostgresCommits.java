/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.CommitLookup;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What became of a transaction, by {@code pg_xact_status} (PostgreSQL manual, section 9.27). */
record PostgresCommits() implements CommitLookup {

    @Override
    public String transaction(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_current_xact_id()::text");
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public Outcome outcome(Connection connection, String transaction) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_xact_status(?::text::xid8)")) {
            statement.setString(1, transaction);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                String status = rows.getString(1);
                return switch (status == null ? "" : status) {
                    case "committed" -> Outcome.COMMITTED;
                    case "aborted" -> Outcome.ROLLED_BACK;
                    case "in progress" -> Outcome.IN_PROGRESS;
                    default -> Outcome.UNKNOWN;
                };
            }
        }
    }
}
