/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.OpenTransactions;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives bounds below which no transaction can commit a row any more.
 *
 * <p>First the bound is fixed: the highest number visible, or the clock's time. Then the transactions that are open are noted; one
 * that begins later gets a higher number and a later time. Once all that were noted have ended, the bound is settled, and rows
 * up to it can be read in a new snapshot. Without open transactions that is at once.
 */
final class SettledBounds {

    private static final Logger LOGGER = LoggerFactory.getLogger(SettledBounds.class);
    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

    /**
     * Transactions take their time a moment before they show among those that are open, and SQL Server's datetime rounds it by some
     * milliseconds.
     */
    private static final Duration MARGIN = Duration.ofMillis(50);

    private final ModeOptions options;
    private final Dialect dialect;
    private final LongSupplier nanoTime;

    private @Nullable Pending pending;

    SettledBounds(ModeOptions options, Dialect dialect, LongSupplier nanoTime) {
        this.options = options;
        this.dialect = dialect;
        this.nanoTime = nanoTime;
    }

    /** A bound that waits for transactions. */
    private record Pending(Bound bound, Set<String> open, long reportAtNanos) {}

    /** Fixes a bound. */
    @FunctionalInterface
    private interface Fixing {
        Bound bound() throws SQLException;
    }

    /** The next settled bound, or nothing while transactions that matter are open. Ends the connection's transaction. */
    Optional<Bound> next(Connection connection, NewRowsQuery.Kind kind, JdbcOffset after) throws SQLException {
        return next(connection, kind, () -> bound(connection, kind, after));
    }

    /**
     * A bound that was fixed before, once it is settled, or nothing while transactions that matter are open. Ends the connection's
     * transaction.
     */
    Optional<Bound> settled(Connection connection, NewRowsQuery.Kind kind, Bound fixed) throws SQLException {
        return next(connection, kind, () -> fixed);
    }

    private Optional<Bound> next(Connection connection, NewRowsQuery.Kind kind, Fixing fixing) throws SQLException {
        Pending waiting = pending == null ? begin(connection, kind, fixing) : refresh(connection, pending);
        connection.rollback();
        if (waiting.open().isEmpty()) {
            pending = null;
            return Optional.of(waiting.bound());
        }
        pending = report(kind.relation(), waiting);
        return Optional.empty();
    }

    private Pending begin(Connection connection, NewRowsQuery.Kind kind, Fixing fixing) throws SQLException {
        Bound bound = fixing.bound();
        Optional<OpenTransactions> transactions = transactions();
        if (transactions.isEmpty() || bound.equals(Bound.NOTHING)) {
            return new Pending(bound, Set.of(), 0);
        }
        Relation relation = kind.relation();
        Set<String> open = transactions
                .get()
                .open(
                        connection,
                        relation.table() == null ? null : relation.from(),
                        options.exactBounds().scope(options.mode()));
        return new Pending(bound, open, nanoTime.getAsLong() + REPORT_INTERVAL.toNanos());
    }

    /** Nothing if none are waited for. */
    private Optional<OpenTransactions> transactions() {
        return options.awaited(dialect);
    }

    private Pending refresh(Connection connection, Pending waiting) throws SQLException {
        OpenTransactions transactions = transactions().orElseThrow();
        return new Pending(
                waiting.bound(), transactions.stillOpen(connection, waiting.open()), waiting.reportAtNanos());
    }

    private Bound bound(Connection connection, NewRowsQuery.Kind kind, JdbcOffset after) throws SQLException {
        if (options.mode().usesTimestamp()) {
            return new Bound(null, momentOver(connection, kind.columns()));
        }
        if (transactions().isEmpty()) {
            return Bound.NONE;
        }
        BigDecimal highest = highest(connection, kind, after, Bound.NONE);
        return highest == null
                ? Bound.NOTHING
                : new Bound(PlaceReader.exact(highest, kind.columns().incrementing()), null);
    }

    /** The first moment that is not over yet, by the database's clock and in the columns' digits. */
    Instant momentOver(Connection connection, FollowedColumns columns) throws SQLException {
        Instant now = dialect.now(connection).minus(options.timestampDelay());
        return truncated(now.minus(MARGIN), columns);
    }

    /**
     * A column that keeps whole seconds gets rows of the current second until that has passed; clients often keep milliseconds. Where
     * the digits are not known the scale is 0.
     */
    private static Instant truncated(Instant now, FollowedColumns columns) {
        int digits = columns.timestamps().stream()
                .mapToInt(column -> Math.min(3, Math.max(0, column.scale())))
                .min()
                .orElse(3);
        long unit = TimeUnit.SECONDS.toMillis(1) / (long) Math.pow(10, digits);
        return Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), unit) * unit);
    }

    /** The highest number visible after an offset and within a bound, or null if there is none. */
    static @Nullable BigDecimal highest(Connection connection, NewRowsQuery.Kind kind, JdbcOffset after, Bound to)
            throws SQLException {
        NewRowsQuery query = new NewRowsQuery(kind, after, null, to);
        try (PreparedStatement statement = connection.prepareStatement(query.highest())) {
            query.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBigDecimal(1);
            }
        }
    }

    private Pending report(Relation relation, Pending waiting) {
        if (nanoTime.getAsLong() - waiting.reportAtNanos() < 0) {
            return waiting;
        }
        LOGGER.atWarn()
                .addKeyValue("relation", relation)
                .addKeyValue("transactions", waiting.open())
                .log("new rows wait for transactions that are open; end them, or see exact.bounds");
        return new Pending(waiting.bound(), waiting.open(), nanoTime.getAsLong() + REPORT_INTERVAL.toNanos());
    }
}
