/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Which server this is: its identifier, which its standbys share, and the timeline that its log is on, which changes whenever a
 * standby is promoted or a backup is restored.
 */
public record ServerHistory(String system, long timeline) {

    /** @param replication a connection for replication */
    public static ServerHistory of(Connection replication) throws SQLException {
        try (Statement statement = replication.createStatement();
                ResultSet rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
            if (!rows.next()) {
                throw new SQLException("the server does not say who it is");
            }
            return new ServerHistory(rows.getString("systemid"), rows.getLong("timeline"));
        }
    }

    /**
     * Where an earlier timeline ended; empty if it is not in this one's past.
     *
     * @param replication a connection for replication to the same server
     */
    public OptionalLong endOf(long earlier, Connection replication) throws SQLException {
        if (earlier >= timeline) {
            return OptionalLong.empty();
        }
        try (Statement statement = replication.createStatement();
                ResultSet rows = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            if (!rows.next()) {
                return OptionalLong.empty();
            }
            // Lines of timeline, tab, end, tab, reason; comments and empty lines between them.
            return rows.getString("content")
                    .lines()
                    .map(line -> line.strip().split("\\s+", 3))
                    .filter(words -> words.length >= 2 && words[0].equals(Long.toString(earlier)))
                    .mapToLong(words -> LogSequenceNumber.valueOf(words[1]).asLong())
                    .findFirst();
        }
    }
}
