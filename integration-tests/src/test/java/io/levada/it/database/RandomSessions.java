/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions that run transactions at once, drawn from a seed: what each does is the seed's, how they interleave is not. Most are
 * committed; some are rolled back, or prepared and ended later by any of the sessions. They go on when the server comes again.
 */
public final class RandomSessions implements AutoCloseable {

    private static final int SESSIONS = 3;
    private static final int PAUSE_MS_MAX = 10;

    /** SQLState of a prepared transaction that is not there: the server ended before it was on its disk. */
    private static final String GONE = "42704";

    private final Server server;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> prepared = new ConcurrentLinkedQueue<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean stopped;

    /** What the transactions of one connection do. */
    public interface Work {

        /** The statements of a transaction; false if it is to be rolled back. */
        boolean next() throws SQLException;
    }

    /** Makes what the transactions of a connection do. */
    public interface NewWork {
        Work of(Statement statement, Random random);
    }

    private RandomSessions(Server server) {
        this.server = server;
    }

    public static RandomSessions start(Server server, long seed, NewWork newWork) {
        RandomSessions sessions = new RandomSessions(server);
        for (int i = 0; i < SESSIONS; i++) {
            Random random = new Random(31 * seed + i);
            Thread thread = new Thread(() -> sessions.run(newWork, random), "session-" + i);
            thread.start();
            sessions.threads.add(thread);
        }
        return sessions;
    }

    /** Transactions that were committed, but for those that were prepared before. */
    public long committed() {
        return committed.get();
    }

    /** Ends all sessions, and transactions that are prepared only. */
    @Override
    public void close() throws SQLException {
        stopped = true;
        for (Thread thread : threads) {
            join(thread);
        }
        for (String left : server.query("SELECT gid FROM pg_prepared_xacts")) {
            server.execute("COMMIT PREPARED '" + left + "'");
        }
    }

    /** For something that takes long within a transaction. */
    public static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(NewWork newWork, Random random) {
        while (!stopped) {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout = '500ms'");
                Work work = newWork.of(statement, random);
                while (!stopped) {
                    next(statement, random, work);
                }
            } catch (SQLException away) {
                pause(100); // the server is down: it comes again
            }
        }
    }

    /** One transaction, committed or not; at times the end of one that any session has prepared. */
    private void next(Statement statement, Random random, Work work) throws SQLException {
        pause(random.nextInt(PAUSE_MS_MAX));
        String end = random.nextInt(3) == 0 ? prepared.poll() : null;
        if (end != null) {
            finish(statement, end);
            return;
        }
        try {
            statement.execute("BEGIN");
            if (work.next()) {
                end(statement, random);
            } else {
                statement.execute("ROLLBACK");
            }
        } catch (SQLException refused) {
            statement.execute("ROLLBACK"); // a lock, a deadlock; where the server is down, this tells
        }
    }

    private void finish(Statement statement, String end) throws SQLException {
        try {
            statement.execute(end);
        } catch (SQLException e) {
            if (!GONE.equals(e.getSQLState())) {
                prepared.add(end);
                throw e;
            }
        }
    }

    private void end(Statement statement, Random random) throws SQLException {
        int chance = random.nextInt(100);
        if (chance < 8) {
            statement.execute("ROLLBACK");
        } else if (chance < 14) {
            String name = "'p" + names.incrementAndGet() + "'";
            String finish = random.nextInt(4) == 0 ? "ROLLBACK PREPARED " : "COMMIT PREPARED ";
            try {
                statement.execute("PREPARE TRANSACTION " + name);
            } finally {
                // Also where the answer was lost, and not before: another session would find nothing to end, and leave
                // it for good.
                prepared.add(finish + name);
            }
        } else {
            statement.execute("COMMIT");
            committed.incrementAndGet();
        }
    }
}
