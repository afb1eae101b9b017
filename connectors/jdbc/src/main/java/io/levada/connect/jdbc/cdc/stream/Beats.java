/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** When a heartbeat is due, and what it does in the database. */
final class Beats {

    private final FlowOptions options;
    private final Connection connection;
    private long lastNanos = System.nanoTime();

    Beats(FlowOptions options, Connection connection) {
        this.options = options;
        this.connection = connection;
    }

    /** True once an interval; never if there are no heartbeats. */
    boolean isDue() {
        long nanos = options.heartbeat().toNanos();
        if (nanos == 0 || System.nanoTime() - lastNanos < nanos) {
            return false;
        }
        lastNanos = System.nanoTime();
        return true;
    }

    void act() throws SQLException {
        if (!options.heartbeatQuery().isBlank()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(options.heartbeatQuery());
            }
        }
    }
}
