/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.server.SlotOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;

/**
 * Whether the server still knows of the connection that changes come through. Where nothing comes, nothing tells a quiet database from a
 * network that swallows all, or a server that is gone without a word: so the server is asked on the other connection. Used by the
 * capturing thread.
 */
final class Liveness {

    /** SQLState of a connection that broke. */
    private static final String BROKEN = "08006";

    /** An answer takes no time, but a busy server does. */
    private static final Duration ANSWER_MIN = Duration.ofSeconds(10);

    private final SlotOptions slot;
    private final Connection sql;
    private final int pid;
    private long askedAtNanos = System.nanoTime();

    /**
     * No part of a message that has begun may take longer than {@link #bound} lets an answer take.
     *
     * @param sql to ask on, {@link #bound}
     * @param replication what changes come through
     */
    Liveness(SlotOptions slot, Connection sql, Connection replication) throws SQLException {
        this.slot = slot;
        this.sql = sql;
        this.pid = replication.unwrap(PGConnection.class).getBackendPID();
        bound(slot, replication); // a read waits for the end of a message
    }

    /** From now on no answer on the connection may take longer than {@link #answerMillis}. */
    static void bound(SlotOptions slot, Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, answerMillis(slot));
    }

    /** Three times the interval of reports, or ten seconds. */
    static int answerMillis(SlotOptions slot) {
        long answer = slot.statusInterval().multipliedBy(3).toMillis();
        return (int) Math.min(Integer.MAX_VALUE, Math.max(ANSWER_MIN.toMillis(), answer));
    }

    /**
     * Asks, once in an interval of reports.
     *
     * @throws SQLException if the server does not answer, or sends changes to somebody else or nobody; trying again helps
     */
    void checkInTime() throws SQLException {
        if (System.nanoTime() - askedAtNanos < slot.statusInterval().toNanos()) {
            return;
        }
        try (PreparedStatement statement =
                sql.prepareStatement("SELECT active_pid FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, slot.name());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next() || rows.getInt(1) != pid) {
                    throw new SQLException(
                            "the server has ended the connection that reads slot " + slot.name()
                                    + ", and nothing told us",
                            BROKEN);
                }
            }
        }
        askedAtNanos = System.nanoTime();
    }
}
