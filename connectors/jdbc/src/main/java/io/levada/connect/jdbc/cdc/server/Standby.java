/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A server that follows another: changes can be captured from it, but nothing can be changed there. */
public final class Standby {

    /** The first major version that decodes its log as a standby. */
    static final int DECODES_SINCE = 16;

    /** SQL for how far the log goes that queries see. */
    static final String LSN =
            "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END";

    /** SQL for how far the log goes that the server has; one that it takes from an archive does not count as received. */
    public static final String END = "CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(),"
            + " pg_last_wal_replay_lsn()) ELSE pg_current_wal_lsn() END";

    private Standby() {}

    static boolean is(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
