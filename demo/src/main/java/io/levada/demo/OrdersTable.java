/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * The table that the demo watches. A trigger numbers each change of a row, whoever makes it, and notes it in a journal within the same
 * transaction: what the journal has is what must arrive.
 */
final class OrdersTable {

    static final String NAME = "public.orders";

    private static final List<String> CUSTOMERS = List.of("ana", "bruno", "carla", "duarte", "eva", "filipe", "graça");
    private static final List<String> ITEMS =
            List.of("banana", "passion fruit", "cork", "cane honey", "poncha", "embroidery");

    /** Of ten changes so many are insertions, and so many updates; the rest deletes. */
    private static final int INSERTIONS = 6;

    private static final int UPDATES = 3;

    /** Any row, the first at or behind a place that is chosen between 0 and 1: found by the index, which compares whole numbers alone. */
    private static final String ANY_ROW =
            "(SELECT id FROM orders WHERE id >= (SELECT (max(id) * ?)::bigint FROM orders) ORDER BY id LIMIT 1)";

    static final String DELETE = "DELETE FROM orders WHERE id = " + ANY_ROW;

    private final DataSource database;

    OrdersTable(DataSource database) {
        this.database = database;
    }

    /** @throws DemoProblem if the table is one of a demo that knew no changes */
    void createIfMissing() throws SQLException, DemoProblem {
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
                        created_at timestamptz NOT NULL DEFAULT now(),
                        change     bigint NOT NULL
                    )
                    """);
            refuseEarlier(connection);
            statement.execute("""
                    CREATE SEQUENCE IF NOT EXISTS order_change;
                    CREATE TABLE IF NOT EXISTS order_changes (
                        change bigint PRIMARY KEY,
                        op     text NOT NULL,
                        id     bigint NOT NULL
                    );
                    CREATE OR REPLACE FUNCTION note_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
                            INSERT INTO order_changes VALUES (nextval('order_change'), 'd', OLD.id);
                        END IF;
                        IF TG_OP = 'DELETE' THEN
                            RETURN OLD;
                        END IF;
                        NEW.change := nextval('order_change');
                        INSERT INTO order_changes VALUES (NEW.change, lower(left(TG_OP, 1)), NEW.id);
                        RETURN NEW;
                    END $$;
                    CREATE OR REPLACE TRIGGER note_order_change BEFORE INSERT OR UPDATE OR DELETE ON orders
                        FOR EACH ROW EXECUTE FUNCTION note_order_change();
                    """);
        }
    }

    private static void refuseEarlier(Connection connection) throws SQLException, DemoProblem {
        try (ResultSet columns = connection.getMetaData().getColumns(null, "public", "orders", "change")) {
            if (!columns.next()) {
                throw new DemoProblem(
                        "the demo in this folder is of an earlier version, which told insertions only",
                        "Give --fresh to start over, or --dir another folder.");
            }
        }
    }

    /** Inserts, updates and deletes rows in one transaction. @return how many changes were made of those asked for */
    int change(int changes, RandomGenerator random) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO orders (customer, email, item, quantity, price) VALUES (?, ?, ?, ?, ?::numeric / 100)");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE orders SET quantity = ? WHERE id = " + ANY_ROW);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < changes; i++) {
                int kind = random.nextInt(10);
                if (kind < INSERTIONS) {
                    String customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
                    insert.setString(1, customer);
                    insert.setString(2, customer + "@example.com");
                    insert.setString(3, ITEMS.get(random.nextInt(ITEMS.size())));
                    insert.setInt(4, 1 + random.nextInt(9));
                    insert.setInt(5, 99 + random.nextInt(10_000));
                    insert.addBatch();
                } else if (kind < INSERTIONS + UPDATES) {
                    update.setInt(1, 1 + random.nextInt(9));
                    update.setDouble(2, random.nextDouble());
                    update.addBatch();
                } else {
                    delete.setDouble(1, random.nextDouble());
                    delete.addBatch();
                }
            }
            int made = made(insert) + made(update) + made(delete);
            connection.commit();
            return made;
        }
    }

    private static int made(PreparedStatement batch) throws SQLException {
        return Arrays.stream(batch.executeBatch()).sum();
    }

    /** How many changes were ever made. */
    long count() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM order_changes")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** All changes that were ever made, by {@link ChangeNumber}. */
    BitSet changes() throws SQLException {
        BitSet changes = new BitSet();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT op, change, id FROM order_changes")) {
            while (result.next()) {
                boolean deleted = result.getString(1).equals("d");
                changes.set(
                        deleted
                                ? ChangeNumber.ofDeleted(result.getLong(3))
                                : ChangeNumber.ofWritten(result.getLong(2)));
            }
        }
        return changes;
    }

    /** Whether the server keeps its log for the slot: no change from now on can be missed. */
    boolean isCaptured(String slot) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = ? AND confirmed_flush_lsn IS NOT NULL")) {
            statement.setString(1, slot);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
