/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.h2.H2Dialect;
import io.levada.connect.jdbc.dialect.mysql.MySqlDialect;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import io.levada.connect.jdbc.dialect.sqlite.SqliteDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.tools.Server;

/** A database of one of the kinds that connectors speak to, on a real server or in a real file that all tests of the JVM share. */
final class TestDatabase {

    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final Map<Kind, TestDatabase> SHARED = new EnumMap<>(Kind.class);

    private final Dialect dialect;
    private final String url;
    private final String user;
    private final String password;

    private TestDatabase(Dialect dialect, String url, String user, String password) {
        this.dialect = dialect;
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** The kinds. */
    enum Kind {
        POSTGRESQL,
        MARIADB,
        H2,
        SQLITE;

        /** The one that all tests share, each with tables of its own. */
        TestDatabase database() throws SQLException, IOException {
            synchronized (SHARED) {
                TestDatabase known = SHARED.get(this);
                if (known == null) {
                    known = start();
                    SHARED.put(this, known);
                }
                return known;
            }
        }

        private TestDatabase start() throws SQLException, IOException {
            return switch (this) {
                case POSTGRESQL ->
                    new TestDatabase(
                            new PostgresDialect(), Postgres.newDatabase().url(), "postgres", "postgres");
                case MARIADB ->
                    new TestDatabase(
                            new MySqlDialect(),
                            "jdbc:mariadb://localhost:" + MariaDb.port() + "/shop",
                            "levada",
                            "secret");
                case H2 -> new TestDatabase(new H2Dialect(), H2Server.URL, "levada", "secret");
                case SQLITE -> {
                    Path file = Files.createTempFile("levada-test", ".db");
                    file.toFile().deleteOnExit();
                    yield new TestDatabase(new SqliteDialect(), "jdbc:sqlite:" + file, "", "");
                }
            };
        }
    }

    /** Started on first use, with a connection that keeps its database in memory. */
    private static final class H2Server {
        private static final String URL = start();

        private static String start() {
            try {
                Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists");
                server.start();
                String url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:shop";
                DriverManager.getConnection(url, "levada", "secret")
                        .createStatement()
                        .execute("SET DB_CLOSE_DELAY -1");
                return url;
            } catch (SQLException e) {
                throw new IllegalStateException("cannot start H2", e);
            }
        }
    }

    /** A name that no table has yet, in lower case. */
    String newTable() {
        return "orders_" + TABLES.incrementAndGet();
    }

    Dialect dialect() {
        return dialect;
    }

    /** The name in SQL. */
    String sql(String name) {
        return dialect.identifiers(Quoting.ALWAYS).sql(name);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** All rows, their columns as text joined by commas. */
    List<String> rows(String query) throws SQLException {
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
    Map<String, String> config(String... keysAndValues) {
        Map<String, String> config = new HashMap<>(Map.of("name", "test", "connection.url", url));
        config.put("connection.backoff.ms", "50");
        if (!user.isEmpty()) {
            config.put("connection.user", user);
            config.put("connection.password", password);
        }
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return config;
    }
}
