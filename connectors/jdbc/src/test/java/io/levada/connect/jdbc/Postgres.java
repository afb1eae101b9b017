/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own on a real PostgreSQL, which all tests of the module share; it ends with the JVM by its own hook. */
public final class Postgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String url;

    private Postgres(String url) {
        this.url = url;
    }

    /** Started on first use. */
    private static final class Server {
        private static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_prepared_transactions", "5")
                        .setServerConfig("wal_level", "logical")
                        .setServerConfig("max_replication_slots", "100")
                        .setServerConfig("max_wal_senders", "100")
                        .start();
                requirePasswords(server);
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start PostgreSQL", e);
            } catch (SQLException e) {
                throw new IllegalStateException("cannot prepare PostgreSQL", e);
            }
        }

        /** The server comes up trusting everyone, which would hide wrong passwords. */
        private static void requirePasswords(EmbeddedPostgres server) throws IOException, SQLException {
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("ALTER ROLE postgres PASSWORD 'postgres'");
                ResultSet file = statement.executeQuery("SHOW hba_file");
                file.next();
                Files.writeString(Path.of(file.getString(1)), "host all all all scram-sha-256\n");
                statement.execute("SELECT pg_reload_conf()");
            }
        }
    }

    /** An empty database. */
    public static Postgres newDatabase() throws SQLException {
        String name = "test" + DATABASES.incrementAndGet();
        new Postgres(urlOf("postgres")).execute("CREATE DATABASE " + name);
        return new Postgres(urlOf(name));
    }

    /** A database of another server, which is to know user and password {@code postgres}. */
    static Postgres of(int port, String database) {
        return new Postgres("jdbc:postgresql://localhost:" + port + "/" + database);
    }

    private static String urlOf(String database) {
        return "jdbc:postgresql://localhost:" + port() + "/" + database;
    }

    /** The database's name. */
    public String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** The port of this database's server. */
    int serverPort() {
        return Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
    }

    public static int port() {
        return Server.RUNNING.getPort();
    }

    public String url() {
        return url;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", "postgres");
    }

    /** A connection whose changes stay open until committed. */
    public Connection begin() throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        return connection;
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, statements);
        }
    }

    public static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** All rows, their columns as text joined by commas. */
    public List<String> rows(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    cells.add(String.valueOf(rows.getString(i)));
                }
                found.add(String.join(",", cells));
            }
            return found;
        }
    }

    /** Configuration keys and values by turns, after those of the connection. */
    public Map<String, String> config(String... keysAndValues) {
        Map<String, String> config = new HashMap<>(Map.of(
                "name", "test",
                "connection.url", url,
                "connection.user", "postgres",
                "connection.password", "postgres",
                "connection.backoff.ms", "50"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return config;
    }

    /** Ends every other connection to this database, as a restart of the server does. */
    public void terminateConnections() throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
}
