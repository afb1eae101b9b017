/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a heartbeat is due, and what it does in the database: once an interval, or as soon as the server keeps much of its log for
 * us only because nothing of ours was in it.
 */
final class Beats {

    private static final Logger LOGGER = LoggerFactory.getLogger(Beats.class);

    /** For the server to say that it has broken the query off. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Of the log: less than servers keep anyway. */
    static final long BYTES = 256L << 20;

    private final long intervalNanos;
    private final String query;
    private final Connection connection;
    private final int queryMillis;
    private long lastNanos = System.nanoTime();
    private long lastLsn;
    private @Nullable String told;

    /**
     * @param interval zero for no heartbeats
     * @param query run with each; blank for none
     * @param queryTimeout after which the server breaks it off; zero for never
     */
    Beats(Duration interval, String query, Connection connection, Duration queryTimeout) {
        this.intervalNanos = interval.toNanos();
        this.query = query;
        this.connection = connection;
        this.queryMillis = queryTimeout.isZero()
                ? 0
                : (int) Math.min(Integer.MAX_VALUE, queryTimeout.plus(ANSWER).toMillis());
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

    /**
     * What the query does is its author's: that it fails is told, once until it succeeds or fails otherwise, and keeps no change up.
     *
     * @throws SQLException if the connection is lost, or trying again helps
     */
    void act() throws SQLException {
        if (query.isBlank()) {
            return;
        }
        int answerMillis = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, queryMillis); // it may take its time, unlike what we ask ourselves
        try (Statement statement = connection.createStatement()) {
            statement.execute(query);
            told = null;
        } catch (SQLException e) {
            if (FailureKind.of(e) == FailureKind.RETRIABLE) {
                throw e;
            }
            if (!String.valueOf(e.getMessage()).equals(told)) {
                told = String.valueOf(e.getMessage());
                LOGGER.atWarn()
                        .addKeyValue("query", query)
                        .addKeyValue("error", e.getMessage())
                        .log("heartbeat.action.query fails; changes and heartbeats go on without it");
            }
        }
        connection.setNetworkTimeout(Runnable::run, answerMillis);
    }
}
