/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.snapshot.OpenedSnapshot;
import io.levada.connect.jdbc.cdc.snapshot.Snapshot;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.threads.ConnectorThread;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot beside a stream of changes, on a thread of its own, since the server waits for transactions that are under way.
 * Used by the capturing thread.
 */
final class Opening implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Opening.class);

    private final Connections connections;
    private final Snapshot snapshot;
    private final List<TableName> names;
    private final FutureTask<Opened> task = new FutureTask<>(this::open);
    private final Object lock = new Object();
    private @Nullable Connection beside;
    private @Nullable Opened result;
    private boolean closed;

    /**
     * A snapshot that has been taken over.
     *
     * @param lsn all transactions that committed before are in it, and no other
     * @param xid the newest transaction when it was taken
     */
    record Opened(OpenedSnapshot rows, long lsn, long xid) {}

    /** Begins; {@code names} are locked against being rewritten. */
    Opening(Connections connections, Snapshot snapshot, List<TableName> names) {
        this.connections = connections;
        this.snapshot = snapshot;
        this.names = List.copyOf(names);
        ConnectorThread.daemon("cdc-opening-" + connections.database(), task).start();
    }

    /**
     * The snapshot, or null if it is not there after so long.
     *
     * @throws SQLException of the attempt
     */
    @Nullable
    Opened taken(Duration patience) throws SQLException, InterruptedException {
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException ignored) { // the answer is that it is not there yet
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new ConnectException("rows cannot be read: " + e.getMessage(), e);
        }
    }

    private Opened open() throws SQLException {
        Connection replication = connections.openReplication();
        synchronized (lock) {
            beside = replication;
            if (closed) {
                abort(replication);
            }
        }
        Slot.Exported exported = Slot.createTemporary(replication, Slot.nameBeside());
        long xid = RowReading.newestTransaction(connections);
        OpenedSnapshot rows = snapshot.open(exported.snapshot(), names);
        Opened opened = new Opened(rows, exported.lsn(), xid);
        abort(replication); // others have the snapshot now, and for its slot the server would keep its log
        synchronized (lock) {
            result = opened;
            if (closed) {
                opened.rows().close();
            }
        }
        return opened;
    }

    /** Gives the snapshot up, and the slot, for which the server keeps its log; also while it is being taken. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            if (result != null) {
                result.rows().close();
            }
            if (beside != null && result == null) {
                cancel(beside);
                abort(beside);
            }
        }
    }

    /** The server, which waits for transactions, would not notice that nobody waits for it, and keep the slot. */
    private static void cancel(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("cannot break off the making of a slot");
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("cannot close the connection beside a snapshot");
        }
    }
}
