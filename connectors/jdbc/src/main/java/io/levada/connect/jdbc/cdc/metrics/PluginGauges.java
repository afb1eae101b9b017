/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import io.levada.connect.jdbc.metrics.WrittenMetrics;

/** A capture's numbers among the worker's metrics of plugins. Used by the task's thread. */
public final class PluginGauges {

    private static final String[] OPS = {"r", "c", "u", "d", "t"};

    private final CaptureMeters meters;
    private final WrittenMetrics metrics;
    private final int queueSize;

    /** @param queueSize records that may wait */
    public PluginGauges(WrittenMetrics metrics, CaptureMeters meters, int queueSize) {
        this.metrics = metrics;
        this.meters = meters;
        this.queueSize = queueSize;
    }

    /** Writes what the numbers are now. */
    public void write() {
        metrics.write("connected", "1 while changes are followed, else 0.", meters.isConnected() ? 1 : 0);
        metrics.write("lag-bytes", "Bytes of the server's log that have not been read.", meters.behindBytes());
        metrics.write(
                "lag-ms",
                "How old the last transaction was when it was read, in milliseconds; 0 while there is none to be read.",
                meters.lagMillis());
        metrics.write("wal-kept-bytes", "Bytes of its log that the server keeps for the slot.", meters.walBytes());
        metrics.write(
                "wal-safe-bytes",
                "How much more of its log the server may write before the slot is lost; -1 where there is no limit.",
                meters.safeBytes());
        metrics.write("transactions-total", "Transactions that have been read.", meters.transactions());
        metrics.write(
                "last-transaction-age-ms",
                "Milliseconds since the last transaction that was read was committed; -1 before the first.",
                meters.millisSinceLastTransaction());
        metrics.write(
                "queue-remaining",
                "How many more records may wait for the worker.",
                Math.max(0, queueSize - meters.waiting().records()));
        metrics.write("filtered-total", "Changes that became no event.", meters.filteredEvents());
        metrics.write("messages-total", "Logical messages that became events.", meters.messages());
        SnapshotProgress snapshot = meters.snapshot();
        metrics.write(
                "snapshot-running",
                "1 while all rows are read, else 0.",
                snapshot.state() == SnapshotProgress.State.RUNNING ? 1 : 0);
        metrics.write("snapshot-tables", "Tables whose rows are read, or were.", snapshot.tables());
        metrics.write("snapshot-tables-remaining", "Of these, those that are not done.", snapshot.remainingTables());
        metrics.write("snapshot-part-done", "Chunks that are done of all, from 0 to 1.", snapshot.part());
        metrics.write(
                "snapshot-seconds-left",
                "How long reading will still take, as far as what was done tells; -1 while that is unknown.",
                snapshot.secondsLeft());
        for (String op : OPS) {
            meters.byTable(op.charAt(0)).forEach((table, count) -> {
                if (count > 0) {
                    metrics.write("events-total", "Events of a table, by kind.", count, "table", table, "op", op);
                }
            });
        }
    }
}
