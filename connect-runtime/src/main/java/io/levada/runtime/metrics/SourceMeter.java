/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Min;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** What a source task polls and what becomes of it. {@link #polled} is the task's; the others may be called by any thread. */
public final class SourceMeter {
    private final MeterGroup group;
    private final Time time;
    private final MetricConfig config;
    private final Sensor batchSize;
    private final Tally polled;
    private final Tally written;
    private final Tally dropped = new Tally();
    private final Sensor pollTime;
    private final Sensor active;
    /** Set by the task's thread before its first transaction. */
    private @Nullable Sensor transactions;
    /** When a poll last returned records; 0 for never. */
    private volatile long lastRecordMs;
    /** How old the newest record was then; NaN if nobody knows. */
    private volatile double lastDelaySeconds = Double.NaN;

    SourceMeter(MeterGroup group, Metrics metrics, Sensor batchSize, Time time) {
        this.group = group;
        this.time = time;
        this.config = metrics.config();
        this.batchSize = batchSize;
        this.polled = group.total(ConnectMetric.POLL_TOTAL, ConnectMetric.POLL_RATE);
        this.written = group.total(ConnectMetric.WRITE_TOTAL, ConnectMetric.WRITE_RATE);
        this.pollTime = group.spread(ConnectMetric.POLL_TIME_MAX, ConnectMetric.POLL_TIME_AVG);
        this.active = group.spread(ConnectMetric.SOURCE_ACTIVE_MAX, ConnectMetric.SOURCE_ACTIVE_AVG);
        group.number(ConnectMetric.SOURCE_ACTIVE, this::active);
        group.measured(ConnectMetric.SINCE_LAST_RECORD, (unused, now) -> sinceLastRecord(now));
        group.number(ConnectMetric.LAST_RECORD_DELAY, () -> lastDelaySeconds);
    }

    /**
     * poll() has returned a batch, not null.
     *
     * @param newestTimestamp of its last record, null if that has none
     */
    public void polled(int records, long nanos, @Nullable Long newestTimestamp) {
        long nowMs = time.milliseconds();
        active.record(active(), nowMs); // What of the batches before is still on its way.
        polled.add(records);
        active.record(active(), nowMs);
        batchSize.record(records, nowMs);
        pollTime.record(nanos / 1e6, nowMs);
        polled.settle(config, nowMs);
        written.settle(config, nowMs);
        if (records > 0) {
            lastRecordMs = nowMs;
            lastDelaySeconds = newestTimestamp == null || newestTimestamp < 0
                    ? Double.NaN
                    : Math.max(0, nowMs - newestTimestamp) / 1e3;
        }
    }

    /** Brokers have acknowledged records. */
    public void wrote(int records) {
        written.add(records);
    }

    /** Records were left out by a transform, or as errors that are tolerated, or will not be sent in this life. */
    public void dropped(int records) {
        dropped.add(records);
    }

    /** A transaction with so many records is committed; its metrics are there from the first call or {@link #transactional} on. */
    public void committedTransaction(int records) {
        transactional().record(records);
    }

    /** Shows the metrics of transactions, also before the first; the task's thread. */
    public Sensor transactional() {
        Sensor open = transactions;
        if (open == null) {
            open = group.sensor(ConnectMetric.TRANSACTION_MIN);
            group.on(open, ConnectMetric.TRANSACTION_MIN, new Min());
            group.on(open, ConnectMetric.TRANSACTION_MAX, new Max());
            group.on(open, ConnectMetric.TRANSACTION_AVG, new Avg());
            transactions = open;
        }
        return open;
    }

    private double active() {
        return Math.max(0, polled.total() - written.total() - dropped.total());
    }

    private double sinceLastRecord(long nowMs) {
        long last = lastRecordMs;
        return last == 0 ? Double.NaN : (double) Math.max(0, nowMs - last) / TimeUnit.SECONDS.toMillis(1);
    }
}
