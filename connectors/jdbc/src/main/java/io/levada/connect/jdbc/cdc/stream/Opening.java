/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.snapshot.OpenedSnapshot;
import io.levada.connect.jdbc.cdc.snapshot.Snapshot;
import io.levada.connect.jdbc.cdc.table.TableName;
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
        Thread thread = new Thread(task, "cdc-opening-" + connections.database());
        thread.setDaemon(true);
        thread.start();
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
        Slot.Exported exported = Slot.createTemporary(replication, "levada_" + Long.toHexString(System.nanoTime()));
        long xid = RowReading.newestTransaction(connections); // before there are rows that a failure would leave open
        Opened opened = new Opened(snapshot.open(exported.snapshot(), names), exported.lsn(), xid);
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
            if (beside != null) {
                abort(beside);
            }
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
