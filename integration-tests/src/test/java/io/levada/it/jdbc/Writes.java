/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.jdbc;

import io.levada.it.database.RandomSessions;
import io.levada.it.database.Server;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes to two tables in several sessions at once ({@link RandomSessions}).
 *
 * <ul>
 *   <li>{@code stock}: rows come and change; {@code changed} is the beginning of the transaction or the moment of the change, and is the
 *       same for many rows; {@code v} is another with each change. If asked for, rows are deleted, and come back under their number.
 *   <li>{@code entries}: rows only come; their numbers are the sequence's, some taken long before the row is written.
 * </ul>
 *
 * <p>Transactions are short or long; columns are added.
 */
final class Writes implements RandomSessions.Work {

    private static final int LONG_MS_MAX = 600;
    private static final int COLUMNS_MAX = 3;

    private final Statement statement;
    private final Random random;
    private final AtomicInteger columns;
    private final boolean deletes;

    private Writes(Statement statement, Random random, AtomicInteger columns, boolean deletes) {
        this.statement = statement;
        this.random = random;
        this.columns = columns;
        this.deletes = deletes;
    }

    /** Makes the tables, with some rows. */
    static void prepare(Server server) throws SQLException {
        server.execute(
                "CREATE SEQUENCE versions",
                "CREATE TABLE stock (id bigserial PRIMARY KEY, v bigint NOT NULL DEFAULT nextval('versions'), note text,"
                        + " changed timestamptz NOT NULL DEFAULT now())",
                "CREATE INDEX ON stock (changed, id)",
                "CREATE TABLE entries (id bigserial PRIMARY KEY, v bigint NOT NULL DEFAULT nextval('versions'), note text)",
                "INSERT INTO stock(note) SELECT 'first ' || g FROM generate_series(1, 3000) g",
                "INSERT INTO entries(note) SELECT 'first ' || g FROM generate_series(1, 3000) g");
    }

    /** @param deletes whether rows of {@code stock} are deleted, too */
    static RandomSessions start(Server server, long seed, boolean deletes) {
        AtomicInteger columns = new AtomicInteger();
        return RandomSessions.start(
                server, seed, (statement, random) -> new Writes(statement, random, columns, deletes));
    }

    @Override
    public boolean next() throws SQLException {
        if (random.nextInt(400) == 0 && columns.get() < COLUMNS_MAX) {
            statement.execute("ALTER TABLE stock ADD COLUMN extra_" + columns.incrementAndGet() + " text");
        }
        boolean isLong = random.nextInt(15) == 0;
        List<Long> taken = isLong ? numbers(1 + random.nextInt(3)) : List.of();
        if (isLong) {
            RandomSessions.pause(random.nextInt(LONG_MS_MAX));
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            write();
        }
        for (long number : taken) {
            statement.execute("INSERT INTO entries(id, note) VALUES (" + number + ", 'number taken before')");
        }
        return true;
    }

    private List<Long> numbers(int count) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try (ResultSet result = statement.executeQuery("SELECT nextval('entries_id_seq')")) {
                result.next();
                numbers.add(result.getLong(1));
            }
        }
        return numbers;
    }

    private void write() throws SQLException {
        String note = random.nextInt(4) == 0 ? "NULL" : "'note " + random.nextInt(1000) + "'";
        String moment = random.nextBoolean() ? "now()" : "clock_timestamp()";
        switch (random.nextInt(deletes ? 7 : 5)) {
            case 5 -> {
                int id = 1 + random.nextInt(3000);
                statement.execute("DELETE FROM stock WHERE id BETWEEN " + id + " AND " + (id + random.nextInt(4)));
            }
            case 6 ->
                statement.execute("INSERT INTO stock(id, note, changed) VALUES (" + (1 + random.nextInt(3000)) + ", "
                        + note + ", " + moment + ") ON CONFLICT (id) DO NOTHING");
            case 0 ->
                statement.execute("INSERT INTO stock(note, changed) SELECT " + note + ", " + moment
                        + " FROM generate_series(1, " + (1 + random.nextInt(5)) + ")");
            case 1 -> statement.execute("INSERT INTO stock(note) VALUES (" + note + ")");
            case 2 ->
                statement.execute("INSERT INTO entries(note) SELECT " + note + " FROM generate_series(1, "
                        + (1 + random.nextInt(5)) + ")");
            default -> {
                int id = 1 + random.nextInt(3000);
                statement.execute("UPDATE stock SET note = " + note + ", v = nextval('versions'), changed = " + moment
                        + " WHERE id BETWEEN " + id + " AND " + (id + random.nextInt(4)));
            }
        }
    }
}
