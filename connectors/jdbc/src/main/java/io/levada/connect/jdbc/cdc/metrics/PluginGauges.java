/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Value;

/**
 * A capture's numbers among the worker's metrics of plugins (KIP-877): written now and then with Kafka's own statistics, so that
 * whoever reads them asks nothing of the plugin. Used by the task's thread.
 */
public final class PluginGauges {

    private static final String[] OPS = {"r", "c", "u", "d", "t"};

    private final CaptureMeters meters;
    private final PluginMetrics metrics;
    private final int queueSize;
    private final Map<String, Sensor> sensors = new LinkedHashMap<>();

    /** What counters were at last. */
    private final Map<String, Double> totals = new HashMap<>();

    /** @param queueSize records that may wait */
    public PluginGauges(PluginMetrics metrics, CaptureMeters meters, int queueSize) {
        this.metrics = metrics;
        this.meters = meters;
        this.queueSize = queueSize;
    }

    /** Writes what the numbers are now. */
    public void write() {
        write("connected", "1 while changes are followed, else 0.", meters.isConnected() ? 1 : 0);
        write("lag-bytes", "Bytes of the server's log that have not been read.", meters.behindBytes());
        write(
                "lag-ms",
                "How old the last transaction was when it was read, in milliseconds; 0 while there is none to be read.",
                meters.lagMillis());
        write("wal-kept-bytes", "Bytes of its log that the server keeps for the slot.", meters.walBytes());
        write(
                "wal-safe-bytes",
                "How much more of its log the server may write before the slot is lost; -1 where there is no limit.",
                meters.safeBytes());
        write("transactions-total", "Transactions that have been read.", meters.transactions());
        write(
                "last-transaction-age-ms",
                "Milliseconds since the last transaction that was read was committed; -1 before the first.",
                meters.millisSinceLastTransaction());
        write(
                "queue-remaining",
                "How many more records may wait for the worker.",
                Math.max(0, queueSize - meters.waiting().records()));
        write("filtered-total", "Changes that became no event.", meters.filteredEvents());
        write("messages-total", "Logical messages that became events.", meters.messages());
        SnapshotProgress snapshot = meters.snapshot();
        write(
                "snapshot-running",
                "1 while all rows are read, else 0.",
                snapshot.state() == SnapshotProgress.State.RUNNING ? 1 : 0);
        write("snapshot-tables", "Tables whose rows are read, or were.", snapshot.tables());
        write("snapshot-tables-remaining", "Of these, those that are not done.", snapshot.remainingTables());
        write("snapshot-part-done", "Chunks that are done of all, from 0 to 1.", snapshot.part());
        write(
                "snapshot-seconds-left",
                "How long reading will still take, as far as what was done tells; -1 while that is unknown.",
                snapshot.secondsLeft());
        for (String op : OPS) {
            meters.byTable(op.charAt(0)).forEach((table, count) -> {
                if (count > 0) {
                    write("events-total", "Events of a table, by kind.", count, "table", table, "op", op);
                }
            });
        }
    }

    private void write(String name, String description, Number value, String... tags) {
        String key = name + String.join("-", tags);
        boolean counts = name.endsWith("-total");
        Sensor sensor = sensors.computeIfAbsent(key, unused -> {
            LinkedHashMap<String, String> named = new LinkedHashMap<>();
            for (int i = 0; i < tags.length; i += 2) {
                named.put(tags[i], tags[i + 1]);
            }
            Sensor made = metrics.addSensor(key);
            made.add(metrics.metricName(name, description, named), counts ? new CumulativeSum() : new Value());
            return made;
        });
        double before = counts ? totals.getOrDefault(key, 0.0) : 0;
        sensor.record(value.doubleValue() - before);
        totals.put(key, value.doubleValue());
    }
}
