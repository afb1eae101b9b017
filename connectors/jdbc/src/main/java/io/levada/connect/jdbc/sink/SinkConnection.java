/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.BulkLoad;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a task, kept from put to put, with autocommit off. Used by the task's thread; {@link #close} by any.
 */
public final class SinkConnection implements AutoCloseable {

    /** A connection that was not used for so long is asked whether it still works. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final int CHECK_SECONDS = 5;

    private final Opener opener;
    private final Dialect dialect;
    private final LongSupplier nanoTime;
    private volatile @Nullable Connection open;
    private volatile boolean closed;
    private Optional<BulkLoad> bulkLoad = Optional.empty();
    private boolean bulkLoadAsked;
    private long usedNanos;

    /** Opens a connection, once. */
    public interface Opener {
        Connection open() throws SQLException;
    }

    /** Does not connect yet. */
    public SinkConnection(Opener opener, Dialect dialect, LongSupplier nanoTime) {
        this.opener = opener;
        this.dialect = dialect;
        this.nanoTime = nanoTime;
    }

    /**
     * The connection, outside of any transaction; opened if there is none or it no longer works. Tries once.
     *
     * @throws ConnectFailedException if there is no connection to be had now
     */
    Connection get() throws SQLException {
        Connection connection = open;
        if (connection != null
                && nanoTime.getAsLong() - usedNanos > IDLE.toNanos()
                && !connection.isValid(CHECK_SECONDS)) {
            discard();
            connection = null;
        }
        if (connection == null) {
            connection = connect();
        }
        usedNanos = nanoTime.getAsLong();
        return connection;
    }

    private Connection connect() throws SQLException {
        try {
            Connection connection = opener.open();
            open = connection;
            if (closed) {
                close();
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            discard();
            throw new ConnectFailedException(e);
        }
    }

    /** A faster way to write on what {@link #get} gave, if the dialect has one. */
    Optional<BulkLoad> bulkLoad(Connection connection) throws SQLException {
        if (!bulkLoadAsked) {
            bulkLoad = dialect.bulkLoad(connection);
            bulkLoadAsked = true;
        }
        return bulkLoad;
    }

    /** Rolls back; a connection that cannot is given up. */
    void rollBack(Exception cause) {
        bulkLoadAsked = false;
        bulkLoad = Optional.empty();
        Connection connection = open;
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            discard();
        }
    }

    /** Gives the connection up; the next is a new one. */
    void discard() {
        Connection connection = open;
        open = null;
        bulkLoadAsked = false;
        bulkLoad = Optional.empty();
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException ignored) {
                // It is broken, and nothing of it is used any more.
            }
        }
    }

    /** Closes the connection, also under a call that uses it, which then fails. */
    @Override
    public void close() {
        closed = true;
        Connection connection = open;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException ignored) {
                // The server ends the session by itself.
            }
        }
    }

    /** There is no connection to be had now. */
    public static final class ConnectFailedException extends SQLException {
        private static final long serialVersionUID = 1L;

        ConnectFailedException(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
        }
    }
}
