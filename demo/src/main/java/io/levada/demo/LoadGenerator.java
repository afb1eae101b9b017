/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.sql.SQLException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Inserts rows at a steady rate on a thread of its own, ten small transactions a second; goes on trying when one fails. */
final class LoadGenerator implements AutoCloseable {

    private static final int TRANSACTIONS_PER_SECOND = 10;
    private static final int END_SECONDS_MAX = 30;

    private final OrdersTable table;
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong rows;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "demo-load");
        t.setDaemon(true);
        return t;
    });

    private LoadGenerator(OrdersTable table, long rows) {
        this.table = table;
        this.rows = new AtomicLong(rows);
    }

    /** @param rowsThere how many rows the table has already */
    static LoadGenerator start(OrdersTable table, long rowsThere, int rowsPerSecond) {
        LoadGenerator load = new LoadGenerator(table, rowsThere);
        int rows = Math.max(1, rowsPerSecond / TRANSACTIONS_PER_SECOND);
        long periodMicros = 1_000_000L * rows / rowsPerSecond;
        // The returned future never fails: insert() keeps what goes wrong, for those who ask.
        ScheduledFuture<?> unused =
                load.thread.scheduleAtFixedRate(() -> load.insert(rows), 0, periodMicros, TimeUnit.MICROSECONDS);
        return load;
    }

    /** Rows in the table, those of the transaction under way among them: a row is counted here before it is seen anywhere else. */
    long rows() {
        return rows.get();
    }

    /** Why the last transaction failed, if it did. */
    Optional<Exception> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Stops inserting and waits for the transaction under way. */
    void stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            failure.set(new SQLException("an insert has been running for " + END_SECONDS_MAX + " seconds"));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void insert(int count) {
        rows.addAndGet(count);
        try {
            table.insert(count, random);
            failure.set(null);
        } catch (SQLException | RuntimeException e) {
            rows.addAndGet(-count);
            failure.set(e);
        }
    }
}
