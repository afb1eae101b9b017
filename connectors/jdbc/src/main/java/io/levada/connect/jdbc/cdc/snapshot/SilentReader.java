/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.server.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Whether the server still sends rows to a reader that gets none. A statement may take long before its first row, and a firewall may
 * swallow one connection and leave the others: so the server is asked on another one what that one's process does. Used by the thread
 * that tells rows.
 */
final class SilentReader {

    /** SQLState of a connection that broke. */
    private static final String BROKEN = "08006";

    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    /** A process that waits for its reader, or for a command, is not about to send. */
    private static final String SENDS =
            "SELECT count(*) FROM pg_stat_activity WHERE pid = ? AND state = 'active' AND wait_event IS DISTINCT FROM 'ClientWrite'";

    private final Connections connections;
    private long askAtNanos;

    /** The reading that the server did not work for when it was asked; 0 for none. */
    private long doubted;

    SilentReader(Connections connections) {
        this.connections = connections;
    }

    /**
     * To be called when a reader has nothing.
     *
     * @throws SQLException if the server does not answer, or twice was not at work for it; trying again helps
     */
    void check(ChunkReader reader) throws SQLException {
        long since = reader.waitingSinceNanos();
        long now = System.nanoTime();
        if (since == 0) {
            return;
        }
        long heard = connections.heardAtNanos(reader.connection());
        since = heard - since > 0 ? heard : since; // a large value may be on its way for long
        if (now - since < SILENCE_MAX.toNanos() || now - askAtNanos < 0) {
            return;
        }
        boolean sends = sends(reader.pid());
        if (!sends && doubted == since) {
            throw new SQLException(
                    "the connection that rows of " + reader.chunk().stored()
                            + " come through has gone silent, and nothing told us",
                    BROKEN);
        }
        doubted = sends ? 0 : since; // what it has just sent may be on its way
        askAtNanos = System.nanoTime() + (sends ? SILENCE_MAX : SILENCE_MAX.dividedBy(5)).toNanos();
    }

    private boolean sends(int pid) throws SQLException {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(SENDS)) {
            statement.setInt(1, pid);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getInt(1) > 0;
            }
        }
    }
}
