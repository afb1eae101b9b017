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

/** Changes the table at a steady rate on a thread of its own, ten small transactions a second; goes on trying when one fails. */
final class LoadGenerator implements AutoCloseable {

    private static final int TRANSACTIONS_PER_SECOND = 10;
    private static final int END_SECONDS_MAX = 30;

    private final OrdersTable table;
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong changes;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "demo-load");
        t.setDaemon(true);
        return t;
    });

    /** @param changesThere how many changes were made before */
    LoadGenerator(OrdersTable table, long changesThere) {
        this.table = table;
        this.changes = new AtomicLong(changesThere);
    }

    /** Begins to change the table; may be called once. */
    void start(int changesPerSecond) {
        int count = Math.max(1, changesPerSecond / TRANSACTIONS_PER_SECOND);
        long periodMicros = 1_000_000L * count / changesPerSecond;
        // The returned future never fails: change() keeps what goes wrong, for those who ask.
        ScheduledFuture<?> unused =
                thread.scheduleAtFixedRate(() -> change(count), 0, periodMicros, TimeUnit.MICROSECONDS);
    }

    /** Changes ever made, those of the transaction under way among them: a change is counted here before it is seen anywhere else. */
    long changes() {
        return changes.get();
    }

    /** Why the last transaction failed, if it did. */
    Optional<Exception> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Stops changing and waits for the transaction under way. */
    void stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            failure.set(new SQLException("a transaction has been running for " + END_SECONDS_MAX + " seconds"));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void change(int count) {
        changes.addAndGet(count);
        int made = 0;
        try {
            made = table.change(count, random);
            failure.set(null);
        } catch (SQLException | RuntimeException e) {
            failure.set(e);
        } finally {
            changes.addAndGet(made - count);
        }
    }
}
