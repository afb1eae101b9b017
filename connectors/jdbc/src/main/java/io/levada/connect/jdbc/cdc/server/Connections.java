/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** Opens connections to the server, all of which write values as text in the same way. */
public final class Connections {

    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    /** A network that swallows everything breaks no connection: whoever waits for longer on purpose says so. */
    private static final int ANSWER_SECONDS = 60;

    /** How values are written; what is read from a snapshot and from the stream must look the same. */
    private static final String[] TEXT = {
        "SET datestyle = 'ISO'",
        "SET intervalstyle = 'postgres'",
        "SET timezone = 'UTC'",
        "SET extra_float_digits = 1",
        "SET bytea_output = 'hex'",
        "SET lc_monetary = 'C'"
    };

    /** Whoever waits for a lock holds up all who come later, and meanwhile the server hears nothing of us. */
    private static final String LOCK_TIMEOUT = "SET lock_timeout = '10s'";

    private final ServerOptions options;
    private final String applicationName;

    /** When each connection that is still in use last heard of the server. */
    private final Map<Connection, AtomicLong> heardAtNanos = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param applicationName shown in {@code pg_stat_activity} */
    public Connections(ServerOptions options, String applicationName) {
        this.options = options;
        this.applicationName = applicationName;
    }

    /** For messages: where it leads. */
    @Override
    public String toString() {
        return options.toString();
    }

    /** The database's name. */
    public String database() {
        return options.database();
    }

    /**
     * A connection for SQL, with autocommit on. No answer may take longer than a minute, unless its network timeout is set anew.
     *
     * @throws SQLException of the attempt
     */
    public Connection open() throws SQLException {
        Connection connection = connect(false);
        try (Statement statement = connection.createStatement()) {
            for (String set : TEXT) {
                statement.execute(set);
            }
            statement.execute(
                    "SET statement_timeout = " + options.queryTimeout().toMillis());
            statement.execute(LOCK_TIMEOUT);
            for (String each : options.initialStatements().split("(?<!;);(?!;)")) {
                if (!each.isBlank()) {
                    statement.execute(each.replace(";;", ";"));
                }
            }
            return connection;
        } catch (SQLException e) {
            close(connection, e);
            throw e;
        }
    }

    /**
     * A connection that speaks the replication protocol, besides SQL without parameters. No answer may take longer than a minute, but for
     * the making of a slot.
     *
     * @throws SQLException of the attempt
     */
    public Connection openReplication() throws SQLException {
        Connection connection = connect(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = 0"); // a snapshot is kept by doing nothing
            for (String set : TEXT) {
                statement.execute(set);
            }
            return connection;
        } catch (SQLException e) {
            close(connection, e);
            throw e;
        }
    }

    /**
     * When bytes last came through a connection that was opened here, by the clock of {@link System#nanoTime}, also in the midst of a
     * message. May be called by any thread.
     */
    public long heardAtNanos(Connection connection) {
        AtomicLong heard = heardAtNanos.get(connection);
        if (heard == null) {
            throw new IllegalArgumentException("a connection of somebody else's");
        }
        return heard.getAcquire();
    }

    private static void close(Connection connection, SQLException because) {
        try {
            connection.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private Connection connect(boolean replication) throws SQLException {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setServerNames(new String[] {options.host()});
        server.setPortNumbers(new int[] {options.port()});
        server.setDatabaseName(options.database());
        server.setUser(options.user());
        if (options.password() != null) {
            server.setPassword(options.password().value());
        }
        server.setSslMode(options.sslMode().spelling());
        set(server, PGProperty.SSL_ROOT_CERT, options.sslRootCert());
        set(server, PGProperty.SSL_CERT, options.sslCert());
        set(server, PGProperty.SSL_KEY, options.sslKey());
        set(server, PGProperty.SSL_FACTORY, options.sslFactory());
        if (options.sslPassword() != null) {
            server.setSslPassword(options.sslPassword().value());
        }
        server.setTcpKeepAlive(options.tcpKeepAlive());
        server.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        server.setLoginTimeout(CONNECT_TIMEOUT_SECONDS);
        server.setSocketTimeout(ANSWER_SECONDS);
        server.setApplicationName(applicationName);
        server.setAssumeMinServerVersion("10");
        if (replication) {
            server.setReplication("database");
            server.setPreferQueryMode(PreferQueryMode.SIMPLE);
        }
        AtomicLong heard = new AtomicLong(System.nanoTime());
        String word = HeardSockets.listenFor(heard);
        try {
            server.setProperty(PGProperty.SOCKET_FACTORY, HeardSockets.class.getName());
            server.setProperty(PGProperty.SOCKET_FACTORY_ARG, word);
            Connection connection = server.getConnection();
            heardAtNanos.put(connection, heard);
            return connection;
        } finally {
            HeardSockets.forget(word);
        }
    }

    private static void set(PGSimpleDataSource server, PGProperty property, @Nullable Object value)
            throws SQLException {
        if (value != null) {
            server.setProperty(property, value.toString());
        }
    }
}
