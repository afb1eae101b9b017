/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.capture;

import io.levada.it.database.RandomSessions;
import io.levada.it.database.Server;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Transactions of several sessions at once ({@link RandomSessions}). Whatever they do, the amounts of all accounts come to nothing at the end
 * of each. A trigger notes every change of a row in schema {@code noted}, in the same transaction.
 */
final class Workload implements RandomSessions.Work {

    /** Tables with amounts: whole rows not in the log; whole rows in the log; in two partitions. */
    static final List<String> ACCOUNTS = List.of("plain", "whole", "parted");

    /** Not in every build: docs/reliability.md. */
    private static final boolean PARTITIONS_CHANGE = Boolean.getBoolean("levada.capture.partitions.change");

    /** Rows of each table before anything happens. */
    private static final int ROWS = 3_000;

    private static final int LONG_MS_MAX = 800;
    private static final int LARGE_BYTES = 3_000;
    private static final int SCRATCH_KEYS = 40;

    private static final String COLUMNS =
            "(id bigint PRIMARY KEY, amount bigint NOT NULL, v bigint NOT NULL, note text, big text)";

    private final Statement statement;
    private final Random random;
    private final boolean changesTables;
    private final AtomicInteger names;

    private Workload(Statement statement, Random random, boolean changesTables, AtomicInteger names) {
        this.statement = statement;
        this.random = random;
        this.changesTables = changesTables;
        this.names = names;
    }

    /** Makes and fills the tables. */
    static void prepare(Server server) throws SQLException {
        server.execute(
                "CREATE SCHEMA noted",
                "CREATE SEQUENCE noted.id START 1000000",
                "CREATE SEQUENCE noted.v",
                "CREATE TABLE noted.changes (seq bigserial PRIMARY KEY, xid bigint NOT NULL, tbl text NOT NULL, op char NOT NULL,"
                        + " old_id bigint, new_id bigint, now jsonb)",
                "CREATE FUNCTION noted.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF TG_OP = 'TRUNCATE' THEN"
                        + "  INSERT INTO noted.changes(xid, tbl, op) VALUES (txid_current(), TG_TABLE_NAME, 't');"
                        + " ELSIF TG_OP = 'INSERT' THEN"
                        + "  INSERT INTO noted.changes(xid, tbl, op, new_id, now) VALUES (txid_current(), TG_TABLE_NAME, 'c', NEW.id, to_jsonb(NEW));"
                        + " ELSIF TG_OP = 'UPDATE' THEN"
                        + "  INSERT INTO noted.changes(xid, tbl, op, old_id, new_id, now)"
                        + "   VALUES (txid_current(), TG_TABLE_NAME, 'u', OLD.id, NEW.id, to_jsonb(NEW));"
                        + " ELSE"
                        + "  INSERT INTO noted.changes(xid, tbl, op, old_id) VALUES (txid_current(), TG_TABLE_NAME, 'd', OLD.id);"
                        + " END IF; RETURN NULL; END $$",
                "CREATE TABLE plain " + COLUMNS,
                "CREATE TABLE whole " + COLUMNS,
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE TABLE parted " + COLUMNS + " PARTITION BY HASH (id)",
                "CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE scratch " + COLUMNS,
                "CREATE TABLE zz_finished (id serial PRIMARY KEY)",
                "CREATE TRIGGER emptied AFTER TRUNCATE ON scratch EXECUTE FUNCTION noted.note()");
        for (String table : List.of("plain", "whole", "parted", "scratch")) {
            server.execute(
                    "CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON " + table
                            + " FOR EACH ROW EXECUTE FUNCTION noted.note()",
                    "ALTER TABLE " + table + " ALTER COLUMN big SET STORAGE EXTERNAL");
        }
        for (String table : ACCOUNTS) {
            server.execute("INSERT INTO " + table
                    + " SELECT g, CASE WHEN g % 2 = 0 THEN 10 ELSE -10 END, nextval('noted.v'), repeat('n', 300), CASE WHEN g % 50 = 0"
                    + " THEN repeat('b', " + LARGE_BYTES + ") END FROM generate_series(1, " + ROWS + ") g");
        }
    }

    /** @param changesTables columns come, go, and change their names and types */
    static RandomSessions start(Server server, long seed, boolean changesTables) {
        AtomicInteger names = new AtomicInteger();
        return RandomSessions.start(
                server, seed, (statement, random) -> new Workload(statement, random, changesTables, names));
    }

    /** True if what it did keeps the balance. */
    @Override
    public boolean next() throws SQLException {
        int chance = random.nextInt(100);
        if (chance < 3) {
            return manySteps();
        }
        if (chance < 6) {
            return withSavepoint();
        }
        if (chance < 8) {
            return !changesTables || changeTable();
        }
        if (chance < 10) {
            return manyRows();
        }
        return step();
    }

    /** A transaction that takes long, so that others come and go within it. */
    private boolean manySteps() throws SQLException {
        boolean well = true;
        int steps = 2 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            well &= step();
            RandomSessions.pause(random.nextInt(LONG_MS_MAX / steps));
        }
        return well;
    }

    private boolean withSavepoint() throws SQLException {
        boolean before = step();
        statement.execute("SAVEPOINT s");
        boolean within = step();
        if (!within || random.nextBoolean()) {
            statement.execute("ROLLBACK TO SAVEPOINT s");
        } else {
            statement.execute("RELEASE SAVEPOINT s");
        }
        return before && step();
    }

    private boolean manyRows() throws SQLException {
        statement.execute("UPDATE " + account() + " SET v = nextval('noted.v'), note = 'many' WHERE id % 37 = "
                + random.nextInt(37) + " AND id < " + ROWS / 2);
        return true;
    }

    /** Also between changes of the same table in one transaction. */
    private boolean changeTable() throws SQLException {
        String table = ACCOUNTS.get(random.nextInt(PARTITIONS_CHANGE ? 3 : 2));
        boolean before = !random.nextBoolean() || step();
        String column = "c" + names.incrementAndGet();
        switch (random.nextInt(4)) {
            case 0 -> statement.execute("ALTER TABLE " + table + " ADD COLUMN " + column + " int DEFAULT 5");
            case 1 -> onColumn(table, "ALTER TABLE %s DROP COLUMN %s");
            case 2 -> onColumn(table, "ALTER TABLE %s RENAME COLUMN %s TO " + column);
            default -> onColumn(table, "ALTER TABLE %s ALTER COLUMN %s TYPE text");
        }
        return before && step();
    }

    /** On one of the columns that came after the table was made, if there is any. */
    private void onColumn(String table, String sql) throws SQLException {
        try (PreparedStatement columns = statement
                .getConnection()
                .prepareStatement(
                        "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 5 AND NOT attisdropped"
                                + " ORDER BY attnum LIMIT 1")) {
            columns.setString(1, table);
            try (var rows = columns.executeQuery()) {
                if (rows.next()) {
                    statement.execute(String.format(sql, table, rows.getString(1)));
                }
            }
        }
    }

    private boolean step() throws SQLException {
        return switch (random.nextInt(9)) {
            case 0 -> insertTwo();
            case 1 -> moveAmount();
            case 2 -> set(account(), "id = nextval('noted.id')");
            case 3 -> set(account(), "big = repeat(chr(97 + " + random.nextInt(26) + "), " + LARGE_BYTES + ")");
            case 4 -> set(account(), "note = 'note " + random.nextInt() + "'");
            case 5 -> set(account(), "note = NULL, big = NULL");
            case 6 -> scratch();
            default -> transfer();
        };
    }

    private boolean insertTwo() throws SQLException {
        int amount = random.nextInt(100);
        return insert(account(), amount) && insert(account(), -amount);
    }

    private boolean insert(String table, int amount) throws SQLException {
        statement.execute("INSERT INTO " + table + " (id, amount, v, note, big) VALUES (nextval('noted.id'), " + amount
                + ", nextval('noted.v'), 'new', "
                + (random.nextInt(5) == 0 ? "repeat('x', " + LARGE_BYTES + ")" : "NULL") + ")");
        return true;
    }

    /** Deletes a row and makes one with its amount. */
    private boolean moveAmount() throws SQLException {
        return statement.executeUpdate("WITH gone AS (DELETE FROM " + one(account())
                        + " RETURNING amount) INSERT INTO " + account()
                        + " (id, amount, v) SELECT nextval('noted.id'), amount, nextval('noted.v') FROM gone")
                == 1;
    }

    private boolean transfer() throws SQLException {
        int amount = random.nextInt(100);
        return set(account(), "amount = amount + " + amount) && set(account(), "amount = amount - " + amount);
    }

    private boolean set(String table, String what) throws SQLException {
        String[] found = one(table).split(" WHERE ", 2);
        return statement.executeUpdate(
                        "UPDATE " + found[0] + " SET v = nextval('noted.v'), " + what + " WHERE " + found[1])
                == 1;
    }

    /** Any one row. */
    private String one(String table) {
        return table + " WHERE id = (SELECT id FROM " + table + " WHERE id >= "
                + (random.nextInt(4) == 0 ? 1_000_000 + random.nextInt(500) : random.nextInt(ROWS))
                + " ORDER BY id LIMIT 1)";
    }

    /** Few keys, which come and go. */
    private boolean scratch() throws SQLException {
        int key = random.nextInt(SCRATCH_KEYS);
        switch (random.nextInt(8)) {
            case 0 -> statement.execute("TRUNCATE scratch");
            case 1, 2 -> statement.execute("DELETE FROM scratch WHERE id = " + key);
            default ->
                statement.execute("INSERT INTO scratch VALUES (" + key
                        + ", 0, nextval('noted.v')) ON CONFLICT (id) DO UPDATE SET v = excluded.v");
        }
        return true;
    }

    private String account() {
        return ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
    }
}
