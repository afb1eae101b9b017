/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.jdbc.credentials.JdbcCredentials;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.JdbcUrl;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens connections with one driver, one URL and properties that those of the options and the URL override, and begins their sessions. */
final class DriverSource implements DataSource {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final ConnectionOptions options;
    private final Login login;
    private final Session session;

    private volatile int loginTimeoutSeconds;

    DriverSource(ConnectionOptions options, Login login, Session session) {
        this.options = options;
        this.login = login;
        this.session = session;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Dialect dialect = options.dialect();
        JdbcUrl url = options.jdbcUrl();
        Properties all = new Properties();
        Duration connect = loginTimeoutSeconds > 0 ? Duration.ofSeconds(loginTimeoutSeconds) : CONNECT_TIMEOUT;
        all.putAll(dialect.timeLimits(connect, options.answerTimeout()));
        all.putAll(session.driverProperties());
        all.putAll(options.driverProperties());
        all.putAll(url.properties());
        JdbcCredentials credentials = login.now();
        if (credentials.user() != null) {
            all.setProperty("user", credentials.user());
        }
        if (credentials.password() != null) {
            all.setProperty("password", credentials.password());
        }
        Driver driver = Drivers.of(dialect.driver(url));
        Connection connection = driver.connect(url.withoutProperties(), all);
        if (connection == null) {
            throw new SQLException("the driver " + driver.getClass().getName() + " does not take the URL " + url);
        }
        try {
            begin(connection, dialect.sessionBegin(session.zone()));
        } catch (SQLException e) {
            close(connection, e);
            throw e;
        }
        return connection;
    }

    private static void begin(Connection connection, Optional<String> sql) throws SQLException {
        if (sql.isPresent()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql.get());
            }
        }
    }

    private static void close(Connection connection, SQLException because) {
        try {
            connection.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** Not used: the options have user and password. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("user and password come from the options");
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeoutSeconds = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeoutSeconds;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // Drivers log by their own means.
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("drivers log by their own means");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
