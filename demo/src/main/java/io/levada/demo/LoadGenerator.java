/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Inserts rows at a steady rate on a thread of its own, ten small transactions a second. */
final class LoadGenerator implements AutoCloseable {

    private static final int TRANSACTIONS_PER_SECOND = 10;

    private final OrdersTable table;
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong inserted = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "demo-load");
        t.setDaemon(true);
        return t;
    });

    private LoadGenerator(OrdersTable table) {
        this.table = table;
    }

    static LoadGenerator start(OrdersTable table, int rowsPerSecond) {
        LoadGenerator load = new LoadGenerator(table);
        int rows = Math.max(1, rowsPerSecond / TRANSACTIONS_PER_SECOND);
        long periodMicros = 1_000_000L * rows / rowsPerSecond;
        // The returned future never fails: insert() keeps what goes wrong, for stop() to throw.
        ScheduledFuture<?> unused =
                load.thread.scheduleAtFixedRate(() -> load.insert(rows), 0, periodMicros, TimeUnit.MICROSECONDS);
        return load;
    }

    /** Rows whose transaction has been committed. */
    long inserted() {
        return inserted.get();
    }

    /** Stops inserting, waits for the transaction under way, and throws what went wrong meanwhile, if anything did. */
    void stop() throws SQLException, InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new SQLException("an insert into " + OrdersTable.NAME + " has been running for 30 seconds");
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new SQLException("the demo could not insert rows into " + OrdersTable.NAME, failed);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void insert(int rows) {
        if (failure.get() != null) {
            return;
        }
        try {
            table.insert(rows, random);
            inserted.addAndGet(rows);
        } catch (SQLException | RuntimeException e) {
            failure.set(e);
        }
    }
}
