/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that have written something and have not ended, in any of the server's databases, prepared ones among them. Whoever waits
 * for them says so in the log from time to time.
 */
public final class UnderWay {

    private static final Logger LOGGER = LoggerFactory.getLogger(UnderWay.class);
    private static final Duration LONG = Duration.ofSeconds(10);

    /** Of a snapshot, the end is only behind the newest transaction that has ended; ages count from the next one. */
    private static final String NEXT = "SELECT CAST(CAST(newest AS text) AS bigint) + age(CAST(newest AS xid))"
            + " FROM pg_snapshot_xmax(pg_current_snapshot()) AS newest";

    /** Each has a lock on its own number, which everybody may see. */
    private static final String OLDER =
            "SELECT string_agg(coalesce('prepared transaction ' || quote_literal(gid) || ' since ' || prepared, 'process ' || pid"
                    + " || coalesce(' of ' || nullif(application_name, ''), '') || coalesce(', ' || state || ' since '"
                    + " || state_change, '')), '; ') FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)"
                    + " LEFT JOIN pg_prepared_xacts ON transaction = transactionid WHERE locktype = 'transactionid' AND granted"
                    + " AND mode = 'ExclusiveLock' AND age(transactionid) > age(CAST(CAST(? AS xid8) AS xid))";

    private final Connection sql;
    private final String first;
    private final long sinceNanos = System.nanoTime();
    private long warnAfterNanos = LONG.toNanos();

    /** Those that are under way now. */
    public UnderWay(Connection sql) throws SQLException {
        this.sql = sql;
        this.first = next(sql);
    }

    /** The number of the next transaction, as an {@code xid8}. */
    public static String next(Connection sql) throws SQLException {
        try (PreparedStatement statement = sql.prepareStatement(NEXT)) {
            return answer(statement);
        }
    }

    /** Logs which of them have not ended, after some seconds of waiting and at growing intervals. */
    public void warnInTime() throws SQLException {
        long waited = System.nanoTime() - sinceNanos;
        if (waited < warnAfterNanos) {
            return;
        }
        warnAfterNanos *= 4;
        try (PreparedStatement statement = sql.prepareStatement(OLDER)) {
            statement.setString(1, first);
            LOGGER.atWarn()
                    .addKeyValue("seconds", Duration.ofNanos(waited).toSeconds())
                    .addKeyValue("transactions", answer(statement))
                    .log("a snapshot waits for transactions that are under way");
        }
    }

    private static String answer(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }
}
