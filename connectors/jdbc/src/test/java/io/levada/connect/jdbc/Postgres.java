/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** A database of its own on a real PostgreSQL. */
public final class Postgres {

    private final String url;

    Postgres(String url) {
        this.url = url;
    }

    /** An empty database on the server that all tests share. */
    public static Postgres newDatabase() throws SQLException {
        return PostgresServer.shared().newDatabase();
    }

    /** A database of another server, which is to know user and password {@code postgres}. */
    static Postgres of(int port, String database) {
        return new Postgres("jdbc:postgresql://localhost:" + port + "/" + database);
    }

    /** The database's name. */
    public String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** Of the server, such as 17. */
    int majorVersion() throws SQLException {
        return Integer.parseInt(rows("SHOW server_version_num").get(0)) / 10_000;
    }

    /** The port of this database's server. */
    public int serverPort() {
        return Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
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

    /** A connection that reads a slot, which nobody else can meanwhile. */
    Connection readingSlot(String slot, String publication) throws SQLException {
        Connection connection = DriverManager.getConnection(
                url + "?replication=database&assumeMinServerVersion=10&preferQueryMode=simple", "postgres", "postgres");
        PGReplicationStream unused = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", publication)
                .start();
        return connection;
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
