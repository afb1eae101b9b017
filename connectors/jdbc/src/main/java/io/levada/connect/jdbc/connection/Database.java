/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task's way to its database: a pool of very few connections, opened on first use, each with autocommit off.
 *
 * <p>Any thread may call {@link #close()}; it also ends a wait of {@link #connect()} between two attempts.
 */
public final class Database implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BORROW_TIMEOUT = Duration.ofSeconds(5);

    private final ConnectionOptions options;
    private final HikariDataSource pool;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Does not connect yet.
     *
     * @param name of the pool's threads
     * @param login to be closed by the caller
     * @param isolation a name as {@link Connection} spells it, such as {@code TRANSACTION_SERIALIZABLE}, or null for the server's
     * @param connections the largest number open at once
     */
    public Database(
            String name,
            ConnectionOptions options,
            Login login,
            Session session,
            @Nullable String isolation,
            int connections) {
        this.options = options;
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(new DriverSource(options, login, session));
        config.setAutoCommit(false);
        config.setTransactionIsolation(isolation);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(BORROW_TIMEOUT.toMillis());
        this.pool = new HikariDataSource(config);
    }

    /**
     * Gives a connection, to be closed by the caller; tries as often and waits as long as the options say. Blocks.
     *
     * @throws SQLException of the last attempt
     * @throws ConnectException if closed meanwhile
     */
    public Connection connect() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return pool.getConnection();
            } catch (SQLException e) {
                if (attempt >= options.attempts() || options.dialect().failureKind(e) != FailureKind.RETRIABLE) {
                    throw e;
                }
                LOGGER.atWarn()
                        .addKeyValue("database", options.jdbcUrl())
                        .addKeyValue("attempt", attempt)
                        .addKeyValue("error", e.getMessage())
                        .log("cannot connect, will try again");
                pause();
            }
        }
    }

    /** Opens a connection outside of any pool, once; to be closed by the caller. */
    public static Connection open(ConnectionOptions options, Login login, Session session) throws SQLException {
        return new DriverSource(options, login, session).getConnection();
    }

    private void pause() {
        try {
            if (closed.await(options.backoff().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ConnectException("stopped while waiting for the database at " + options.jdbcUrl());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while waiting for the database at " + options.jdbcUrl(), e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        pool.close();
    }

    /**
     * Connects once, for at most five seconds, and says what is wrong if that fails.
     *
     * @param properties all of the connector's, for a provider of credentials
     * @param zone of the session
     * @param work further checks on the open connection
     */
    public static Optional<ConnectFailure> check(
            ConnectionOptions options, Map<String, String> properties, ZoneId zone, ConnectionWork work) {
        Map<String, String> limits = options.dialect().timeLimits(CHECK_TIMEOUT, CHECK_TIMEOUT.multipliedBy(2));
        try (Login login = Login.of(options, properties);
                Connection connection = new DriverSource(options, login, new Session(limits, zone)).getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            return Optional.of(failure(options, e));
        } catch (ConfigException e) { // of the provider
            return Optional.of(new ConnectFailure(ConnectionOptions.CREDENTIALS, String.valueOf(e.getMessage())));
        } catch (ConnectException e) {
            return Optional.of(new ConnectFailure(ConnectionOptions.URL, String.valueOf(e.getMessage())));
        }
    }

    /** What a failure to connect means for the user. */
    public static ConnectFailure failure(ConnectionOptions options, SQLException e) {
        return ConnectFailure.of(e, options);
    }

    /** Checks that need a connection. */
    public interface ConnectionWork {
        /** Gives the first problem found. */
        Optional<ConnectFailure> on(Connection connection) throws SQLException;
    }
}
