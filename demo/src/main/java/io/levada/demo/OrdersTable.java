/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** The table that the demo watches. */
final class OrdersTable {

    static final String NAME = "orders";

    private static final List<String> CUSTOMERS = List.of("ana", "bruno", "carla", "duarte", "eva", "filipe", "graça");
    private static final List<String> ITEMS =
            List.of("banana", "passion fruit", "cork", "cane honey", "poncha", "embroidery");

    private final DataSource database;

    OrdersTable(DataSource database) {
        this.database = database;
    }

    void createIfMissing() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS orders (
                        id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        customer   text NOT NULL,
                        email      text NOT NULL,
                        item       text NOT NULL,
                        quantity   integer NOT NULL,
                        price      numeric(10, 2) NOT NULL,
                        created_at timestamptz NOT NULL DEFAULT now()
                    )
                    """);
        }
    }

    /** Inserts rows in one transaction. */
    void insert(int rows, RandomGenerator random) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO orders (customer, email, item, quantity, price) VALUES (?, ?, ?, ?, ?::numeric / 100)")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < rows; i++) {
                String customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
                insert.setString(1, customer);
                insert.setString(2, customer + "@example.com");
                insert.setString(3, ITEMS.get(random.nextInt(ITEMS.size())));
                insert.setInt(4, 1 + random.nextInt(9));
                insert.setInt(5, 99 + random.nextInt(10_000));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    long count() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM orders")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The ids of all rows; they are small and dense, so a set of bits holds them. */
    BitSet ids() throws SQLException {
        BitSet ids = new BitSet();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT id FROM orders")) {
            while (result.next()) {
                ids.set(Math.toIntExact(result.getLong(1)));
            }
        }
        return ids;
    }
}
