/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * When a heartbeat is due, and what it does in the database: once an interval, or as soon as the server keeps much of its log for
 * us only because nothing of ours was in it.
 */
final class Beats {

    /** Of the log: less than servers keep anyway. */
    static final long BYTES = 256L << 20;

    private final long intervalNanos;
    private final String query;
    private final Connection connection;
    private long lastNanos = System.nanoTime();
    private long lastLsn;

    /**
     * @param interval zero for no heartbeats
     * @param query run with each; blank for none
     */
    Beats(Duration interval, String query, Connection connection) {
        this.intervalNanos = interval.toNanos();
        this.query = query;
        this.connection = connection;
    }

    /**
     * True once an interval, and once so many bytes.
     *
     * @param lsn where reading stands
     */
    boolean isDue(long lsn) {
        if (intervalNanos == 0) {
            return false;
        }
        if (lastLsn == 0) {
            lastLsn = lsn;
        }
        long now = System.nanoTime();
        if (now - lastNanos < intervalNanos && lsn - lastLsn < BYTES) {
            return false;
        }
        lastNanos = now;
        lastLsn = lsn;
        return true;
    }

    void act() throws SQLException {
        if (!query.isBlank()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(query);
            }
        }
    }
}
