/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.jdbc;

import io.levada.it.database.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that write to two tables at once, drawn from a seed: what each does is the seed's, how they interleave is not.
 *
 * <ul>
 *   <li>{@code stock}: rows come and change; {@code changed} is the beginning of the transaction or the moment of the change, and is the
 *       same for many rows; {@code v} is another with each change.
 *   <li>{@code entries}: rows only come; their numbers are the sequence's, some taken long before the row is written.
 * </ul>
 *
 * <p>Transactions are short or long, roll back, or are prepared and committed later; columns are added.
 */
final class Sessions implements AutoCloseable {

    private static final int SESSIONS = 3;
    private static final int PAUSE_MS_MAX = 15;
    private static final int LONG_MS_MAX = 600;
    private static final int COLUMNS_MAX = 3;

    /** SQLState of a prepared transaction that is not there. */
    private static final String ABSENT = "42704";

    private final Server server;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicInteger columns = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean stopped;

    private Sessions(Server server) {
        this.server = server;
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

    static Sessions start(Server server, long seed) {
        Sessions sessions = new Sessions(server);
        for (int i = 0; i < SESSIONS; i++) {
            Random random = new Random(31 * seed + i);
            Thread thread = new Thread(() -> sessions.session(random), "session-" + i);
            thread.start();
            sessions.threads.add(thread);
        }
        return sessions;
    }

    /** Transactions that were committed, as far as their sessions heard of it. */
    long committed() {
        return committed.get();
    }

    /** Ends all sessions, and transactions that are prepared only. */
    @Override
    public void close() throws SQLException {
        stopped = true;
        for (Thread thread : threads) {
            join(thread);
        }
        for (String prepared : server.query("SELECT gid FROM pg_prepared_xacts")) {
            server.execute("COMMIT PREPARED '" + prepared + "'");
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void session(Random random) {
        // Of a transaction that may be prepared: nobody is told if the answer was lost.
        AtomicReference<@Nullable String> prepared = new AtomicReference<>();
        while (!stopped) {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout = '5s'");
                while (!stopped) {
                    next(statement, random, prepared);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MS_MAX));
                }
            } catch (SQLException e) {
                // The server is down, or rows were locked in another order: what was under way is rolled back.
                if (ABSENT.equals(e.getSQLState())) {
                    prepared.set(null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void next(Statement statement, Random random, AtomicReference<@Nullable String> prepared)
            throws SQLException, InterruptedException {
        if (prepared.get() != null) {
            statement.execute("COMMIT PREPARED '" + prepared.get() + "'");
            prepared.set(null);
            committed.incrementAndGet();
        }
        if (random.nextInt(400) == 0 && columns.get() < COLUMNS_MAX) {
            statement.execute("ALTER TABLE stock ADD COLUMN extra_" + columns.incrementAndGet() + " text");
        }
        statement.execute("BEGIN");
        boolean isLong = random.nextInt(15) == 0;
        List<Long> taken = isLong ? numbers(statement, 1 + random.nextInt(3)) : List.of();
        if (isLong) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONG_MS_MAX));
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            write(statement, random);
        }
        for (long number : taken) {
            statement.execute("INSERT INTO entries(id, note) VALUES (" + number + ", 'number taken before')");
        }
        end(statement, random, prepared);
    }

    private static List<Long> numbers(Statement statement, int count) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try (ResultSet result = statement.executeQuery("SELECT nextval('entries_id_seq')")) {
                result.next();
                numbers.add(result.getLong(1));
            }
        }
        return numbers;
    }

    private static void write(Statement statement, Random random) throws SQLException {
        String note = random.nextInt(4) == 0 ? "NULL" : "'note " + random.nextInt(1000) + "'";
        String moment = random.nextBoolean() ? "now()" : "clock_timestamp()";
        switch (random.nextInt(5)) {
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

    private void end(Statement statement, Random random, AtomicReference<@Nullable String> prepared)
            throws SQLException {
        int how = random.nextInt(16);
        if (how == 0) {
            statement.execute("ROLLBACK");
        } else if (how == 1) {
            prepared.set("prepared-" + names.incrementAndGet());
            statement.execute("PREPARE TRANSACTION '" + prepared.get() + "'");
        } else {
            statement.execute("COMMIT");
            committed.incrementAndGet();
        }
    }
}
