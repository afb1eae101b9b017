/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL server with database {@code shop}, its table {@code orders} (empty), and the user the examples name. */
public final class Shop implements AutoCloseable {

    private final EmbeddedPostgres server;

    private Shop(EmbeddedPostgres server) {
        this.server = server;
    }

    public static Shop open() throws IOException, SQLException {
        return open(EmbeddedPostgres.builder());
    }

    /** A server that changes can be captured from, with a user who may. */
    public static Shop openForLogicalReplication() throws IOException, SQLException {
        Shop shop = open(EmbeddedPostgres.builder().setServerConfig("wal_level", "logical"));
        try (Connection connection = shop.server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE levada REPLICATION");
        }
        return shop;
    }

    private static Shop open(EmbeddedPostgres.Builder settings) throws IOException, SQLException {
        Shop shop = new Shop(settings.start());
        try (Connection connection = shop.server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE levada LOGIN PASSWORD 'sesame'");
            statement.execute("CREATE DATABASE shop OWNER levada");
        }
        shop.execute(Files.readString(Examples.file("orders.sql")).replaceFirst("(?s)INSERT .*", ""));
        return shop;
    }

    /** {@code host:port/database}, as it stands in a JDBC URL. */
    public String address() {
        return "localhost:" + server.getPort() + "/shop";
    }

    public int port() {
        return server.getPort();
    }

    public void insertOrders(int count) throws SQLException {
        execute("INSERT INTO orders (customer, email, price) SELECT 'customer ' || n, n || '@example.com', n + 0.25"
                + " FROM generate_series(1, " + count + ") n");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = server.getDatabase("levada", "shop").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query's rows, as text. */
    public List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = server.getDatabase("levada", "shop").getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
