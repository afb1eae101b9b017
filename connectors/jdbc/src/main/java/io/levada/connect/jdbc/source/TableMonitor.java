/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.threads.ConnectorThread;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time, on a thread of its own, whether the selected tables have changed.
 *
 * @param <T> what names a table
 */
public final class TableMonitor<T> implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TableMonitor.class);

    /** Asks the database for the tables that are selected now. */
    @FunctionalInterface
    public interface Finder<T> {
        /** May throw what it likes once the monitor is started: the tables found before stay. */
        Set<T> find() throws SQLException;
    }

    private final Finder<T> finder;
    private final Duration interval;
    private final Runnable onChange;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private volatile Set<T> tables = Set.of();

    /** What has changed is not told yet, or was not taken. Of the monitor's thread. */
    private boolean untold;

    /** @param onChange called on the monitor's thread when tables came or went, and again after each interval until it returns */
    public TableMonitor(String name, Finder<T> finder, Duration interval, Runnable onChange) {
        this.finder = finder;
        this.interval = interval;
        this.onChange = onChange;
        this.thread = ConnectorThread.daemon("jdbc-tables-" + name, this::watch);
        thread.setUncaughtExceptionHandler(
                (t, e) -> LOGGER.atError().setCause(e).log("no longer looking for new tables"));
    }

    /** Begins with the tables that are known, and looks in the background for others. */
    public void start(Set<T> known) {
        tables = known;
        thread.start();
    }

    /** The tables as last seen. */
    public Set<T> tables() {
        return tables;
    }

    private void watch() {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            Set<T> found = finder.find();
            if (!found.equals(tables)) {
                LOGGER.atInfo().addKeyValue("tables", found).log("tables have changed");
                tables = found;
                untold = true;
            }
            if (untold) {
                onChange.run();
                untold = false;
            }
        } catch (SQLException | RuntimeException e) {
            if (closed.getCount() > 0) { // closing interrupts a look
                LOGGER.atWarn()
                        .addKeyValue("error", e.getMessage())
                        .log("cannot look for new tables, or tell of them, will try again");
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
