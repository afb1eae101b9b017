/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.metrics.SnapshotProgress;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of tables as they are in one exported snapshot. Chunks are read by several connections at once and told one after
 * the other; each row is held back until it is known whether it is its table's last.
 */
public final class Snapshot {

    /** Beside a lock that we hold, one more must not wait behind somebody who waits for it: nobody would notice. */
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'";

    /** Tables in one statement, which takes their locks one after the other. */
    private static final int LOCKED_AT_ONCE = 500;

    /** What is to be done while a reader has nothing yet. */
    @FunctionalInterface
    public interface Waiting {
        void goesOn() throws SQLException;
    }

    private final SnapshotOptions options;
    private final Connections connections;
    private final Tables tables;
    private final RowRules rules;
    private final SnapshotProgress progress;
    private final boolean updatesTold;

    /**
     * @param progress is told how far reading has come
     * @param updatesTold of all updates between two readings; otherwise a table is not gone on with in its midst, since a row that is
     *     still to be read may have been moved by one to before that place
     */
    public Snapshot(
            SnapshotOptions options,
            Connections connections,
            Tables tables,
            RowRules rules,
            SnapshotProgress progress,
            boolean updatesTold) {
        this.options = options;
        this.connections = connections;
        this.tables = tables;
        this.rules = rules;
        this.progress = progress;
        this.updatesTold = updatesTold;
    }

    /**
     * Reads and tells all rows of the tables.
     *
     * @param exported the snapshot's name; must live until this returns
     * @param names tables in the order in which they are told
     * @param from where an earlier reading stopped within one of the tables, or null
     * @param reads takes the rows
     * @param waiting called every now and then on the calling thread while rows take their time
     * @throws InterruptedException if the capture is ended meanwhile
     */
    public void read(String exported, List<TableName> names, @Nullable SnapshotPlace from, Reads reads, Waiting waiting)
            throws SQLException, InterruptedException {
        try (OpenedSnapshot opened = open(exported, names)) {
            opened.begin(names.stream().map(Wanted::whole).toList(), from);
            opened.tellAll(reads, waiting);
        }
        reads.end();
    }

    /**
     * Takes over an exported snapshot and keeps the tables from being rewritten until it is closed. May be called by another thread
     * than uses the result.
     */
    public OpenedSnapshot open(String exported, List<TableName> names) throws SQLException {
        List<Connection> opened = new ArrayList<>();
        try {
            for (int i = 0; i < options.threads(); i++) {
                Connection connection = connections.open();
                opened.add(connection);
                take(connection, exported);
            }
            lock(opened.get(0), names);
            for (Connection connection : opened) {
                run(connection, LOCK_TIMEOUT);
            }
        } catch (SQLException | RuntimeException e) {
            OpenedSnapshot.close(opened);
            throw e;
        }
        return new OpenedSnapshot(opened, tables, rules, progress, updatesTold, connections);
    }

    private static void take(Connection connection, String exported) throws SQLException {
        connection.setAutoCommit(false);
        run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        run(connection, "SET TRANSACTION SNAPSHOT '" + exported.replace("'", "''") + "'");
        run(connection, "SET LOCAL statement_timeout = 0");
        run(connection, "SET LOCAL lock_timeout = 0");
        run(connection, "SET LOCAL idle_in_transaction_session_timeout = 0");
        run(connection, "SET LOCAL row_security = off"); // an error is better than rows that are left out
        run(connection, "SET LOCAL synchronize_seqscans = off"); // rows in the order of their places
    }

    /** Keeps the tables from being rewritten until their rows are read: a rewritten table looks empty to older snapshots. */
    private static void lock(Connection connection, List<TableName> names) throws SQLException {
        int answerMillis = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0); // whoever has locked a table may take long
        List<TableName> there = new Catalogue(connection).present(names);
        for (int from = 0; from < there.size(); from += LOCKED_AT_ONCE) {
            run(
                    connection,
                    there.subList(from, Math.min(there.size(), from + LOCKED_AT_ONCE)).stream()
                            .map(TableName::sql)
                            .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS SHARE MODE")));
        }
        connection.setNetworkTimeout(Runnable::run, answerMillis);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
