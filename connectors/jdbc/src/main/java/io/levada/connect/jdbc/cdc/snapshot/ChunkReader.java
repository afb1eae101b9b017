/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.table.CapturedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/** Reads one chunk, some rows at a time, ahead of whoever tells them; waits when it is too far ahead. */
final class ChunkReader implements Callable<@Nullable Void> {

    /** Bytes of text after which rows are handed over. */
    private static final int PART_BYTES = 256 * 1024;

    /** Parts that may wait to be told. */
    private static final int PARTS = 4;

    private final Chunk chunk;
    private final Connection connection;
    private final int pid;
    private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(PARTS);
    private volatile long waitingSinceNanos;

    /**
     * Rows in their order.
     *
     * @param last nothing follows
     */
    record Part(List<Row> rows, boolean last, @Nullable Throwable failure) {}

    /** @param connection in a transaction with the snapshot; used by the thread that calls {@link #call} */
    ChunkReader(Chunk chunk, Connection connection) throws SQLException {
        this.chunk = chunk;
        this.connection = connection;
        this.pid = connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Of the server's process that sends the rows. */
    int pid() {
        return pid;
    }

    /** That the rows come through; used by the thread that reads them. */
    Connection connection() {
        return connection;
    }

    /** Since when the server has been waited for to send a part, by the clock of {@link System#nanoTime}; 0 if it is not. */
    long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    Chunk chunk() {
        return chunk;
    }

    /** The next rows, or null if there are none after so long. */
    @Nullable
    Part next(Duration patience) throws InterruptedException {
        return parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable Void call() throws InterruptedException {
        try {
            read();
        } catch (SQLException | RuntimeException | Error e) {
            parts.put(new Part(List.of(), true, e));
        }
        return null;
    }

    private void read() throws SQLException, InterruptedException {
        connection.setNetworkTimeout(Runnable::run, 0); // it may take long; SilentReader looks after it
        waitingSinceNanos = now();
        CopyOut copy = connection.unwrap(BaseConnection.class).getCopyAPI().copyOut(chunk.copy());
        try {
            List<Row> rows = new ArrayList<>();
            int bytes = 0;
            byte[] line = copy.readFromCopy();
            while (line != null) {
                bytes += line.length;
                rows.add(row(line));
                waitingSinceNanos = now();
                if (bytes >= PART_BYTES) {
                    hand(new Part(rows, false, null));
                    rows = new ArrayList<>();
                    bytes = 0;
                }
                line = copy.readFromCopy();
            }
            waitingSinceNanos = 0;
            parts.put(new Part(rows, true, null));
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void hand(Part part) throws InterruptedException {
        waitingSinceNanos = 0;
        parts.put(part);
        waitingSinceNanos = now();
    }

    private static long now() {
        return Math.max(1, System.nanoTime()); // 0 is for none
    }

    private Row row(byte[] line) {
        CapturedTable table = chunk.told();
        CopyLine read = CopyLine.of(line, table.columns());
        @Nullable Object[] values = table.values(read.tuple(), null);
        return new Row(table.key(values), table.value(values), read.block(), read.item(), line.length);
    }
}
