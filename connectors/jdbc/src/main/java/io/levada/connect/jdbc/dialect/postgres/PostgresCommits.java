/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.CommitLookup;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What became of a transaction, by {@code pg_xact_status} (PostgreSQL manual, section 9.27). Its name has the server's timeline before
 * the number: one that took over gives the numbers that it had not received to other transactions.
 */
record PostgresCommits() implements CommitLookup {

    /** Needs no privilege, and says the timeline of now, where the control file has that of the last checkpoint. */
    private static final String TIMELINE = "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

    /** Of a number that the server has not given out yet. */
    private static final String INVALID_PARAMETER = "22023";

    @Override
    public String transaction(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT " + TIMELINE + " || '/' || pg_current_xact_id()::text");
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public Outcome outcome(Connection connection, String transaction) throws SQLException {
        String[] timelineAndNumber = transaction.split("/", 2);
        // A standby may take over yet, or is followed by a connection to the primary.
        String sql = "SELECT CASE WHEN pg_is_in_recovery() THEN 'in progress' WHEN " + TIMELINE
                + " = ? THEN pg_xact_status(?::text::xid8) END";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, timelineAndNumber[0]);
            statement.setString(2, timelineAndNumber[1]);
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
        } catch (SQLException e) {
            if (INVALID_PARAMETER.equals(e.getSQLState())) {
                return Outcome.UNKNOWN;
            }
            throw e;
        }
    }
}
