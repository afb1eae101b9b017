/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time, on a thread of its own, whether the selected tables have changed.
 *
 * <p>Two tables of the same name are an error at the start and a warning later, when the tables that are being read go on.
 */
public final class TableMonitor implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TableMonitor.class);

    private final TableSelection selection;
    private final Database database;
    private final Duration interval;
    private final Runnable onChange;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private volatile Set<TableId> tables = Set.of();

    /** @param onChange called on the monitor's thread when tables came or went */
    public TableMonitor(
            String name, TableSelection selection, Database database, Duration interval, Runnable onChange) {
        this.selection = selection;
        this.database = database;
        this.interval = interval;
        this.onChange = onChange;
        this.thread = new Thread(this::watch, "jdbc-tables-" + name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(
                (t, e) -> LOGGER.atError().setCause(e).log("no longer looking for new tables"));
    }

    /**
     * Looks once, on the caller's thread, and then goes on in the background.
     *
     * @throws SQLException if the database cannot be asked
     */
    public void start() throws SQLException {
        tables = find();
        TableSelection.refuseSameName(tables);
        List<String> missing = selection.missing(tables);
        if (!missing.isEmpty()) {
            LOGGER.atWarn().addKeyValue("tables", missing).log("tables do not exist, waiting for them");
        }
        thread.start();
    }

    /** The tables as last seen. */
    public Set<TableId> tables() {
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
            Set<TableId> found = find();
            if (!found.equals(tables)) {
                TableSelection.refuseSameName(found);
                LOGGER.atInfo().addKeyValue("tables", found).log("tables have changed");
                tables = found;
                onChange.run();
            }
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("cannot look for new tables, will try again");
        }
    }

    private Set<TableId> find() throws SQLException {
        try (Connection connection = database.connect()) {
            return selection.find(connection);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
