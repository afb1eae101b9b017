/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Time;

/** What a sink task reads, is given and commits. Told by the task's thread. */
public final class SinkMeter {
    private static final long LAG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Time time;
    private final MetricConfig config;
    private final Sensor batchSize;
    private final Function<TopicPartition, MeterGroup> partitionGroups;
    private final Tally read;
    private final Tally sent;
    private final Sensor putTime;
    private final Sensor active;
    private final Tally completed;
    private final Tally skipped;
    private final Map<TopicPartition, PartitionMeter> partitions = new ConcurrentHashMap<>();
    /** The same, to be gone through once a batch. */
    private volatile List<PartitionMeter> all = List.of();

    private volatile int sequence;
    private long nextLagNanos;
    /** Guarded by this, as are the keys of the map. */
    private boolean closed;

    SinkMeter(
            MeterGroup group,
            Metrics metrics,
            Sensor batchSize,
            Function<TopicPartition, MeterGroup> partitionGroups,
            Time time) {
        this.time = time;
        this.config = metrics.config();
        this.batchSize = batchSize;
        this.partitionGroups = partitionGroups;
        this.nextLagNanos = time.nanoseconds();
        this.read = group.total(ConnectMetric.READ_TOTAL, ConnectMetric.READ_RATE);
        this.sent = group.total(ConnectMetric.SEND_TOTAL, ConnectMetric.SEND_RATE);
        this.putTime = group.spread(ConnectMetric.PUT_TIME_MAX, ConnectMetric.PUT_TIME_AVG);
        this.active = group.spread(ConnectMetric.SINK_ACTIVE_MAX, ConnectMetric.SINK_ACTIVE_AVG);
        this.completed = group.total(ConnectMetric.COMMIT_COMPLETION_TOTAL, ConnectMetric.COMMIT_COMPLETION_RATE);
        this.skipped = group.total(ConnectMetric.COMMIT_SKIP_TOTAL, ConnectMetric.COMMIT_SKIP_RATE);
        group.number(ConnectMetric.SINK_ACTIVE, this::active);
        group.number(ConnectMetric.SINK_LAG_MAX, this::uncommittedMax);
        group.number(ConnectMetric.PARTITION_COUNT, partitions::size);
        group.number(ConnectMetric.COMMIT_SEQUENCE, () -> sequence);
    }

    /** The consumer has returned a batch, of which transforms and converters have left {@code toPut}. */
    public void read(int records, int toPut) {
        long nowMs = time.milliseconds();
        read.add(records);
        sent.add(toPut);
        read.settle(config, nowMs);
        sent.settle(config, nowMs);
    }

    /** The task has taken a batch. */
    public void put(int records, long nanos) {
        long nowMs = time.milliseconds();
        batchSize.record(records, nowMs);
        putTime.record(nanos / 1e6, nowMs);
        active.record(active(), nowMs);
    }

    /** A commit is under way, the newest. */
    public void committing(int number) {
        sequence = number;
    }

    /** The newest commit has succeeded. */
    public void committed() {
        completed.add(1);
        completed.settle(config, time.milliseconds());
        active.record(active());
    }

    /** The answer to a commit came after a newer one was begun. */
    public void skippedCommit() {
        skipped.add(1);
        skipped.settle(config, time.milliseconds());
    }

    /** A partition is this task's now, which begins to read it at {@code position}. */
    public synchronized void assigned(TopicPartition partition, long position) {
        if (closed) {
            return; // A task that was left behind.
        }
        PartitionMeter before =
                partitions.put(partition, new PartitionMeter(partitionGroups.apply(partition), position));
        if (before != null) {
            before.close();
        }
        all = List.copyOf(partitions.values());
    }

    /** Partitions are somebody else's now. */
    public synchronized void removed(Collection<TopicPartition> gone) {
        gone.forEach(partition -> {
            PartitionMeter meter = partitions.remove(partition);
            if (meter != null) {
                meter.close();
            }
        });
        all = List.copyOf(partitions.values());
    }

    /** How far the task has come in a partition: offsets of the next record to be read, put and committed. */
    public void reached(TopicPartition partition, long nextToRead, long nextToPut, long committed) {
        PartitionMeter meter = partitions.get(partition);
        if (meter != null) {
            meter.reached(nextToRead, nextToPut, committed);
        }
    }

    /**
     * Whether it is time to say where partitions end: once a second, as to ask the consumer costs more than to count, and as long as it is not
     * known of all of them.
     */
    public boolean wantsEnds() {
        long now = time.nanoseconds();
        if (now - nextLagNanos < 0 && knowsEnds()) {
            return false;
        }
        nextLagNanos = now + LAG_INTERVAL_NANOS;
        return true;
    }

    /** The offset after the newest record of a partition. */
    public void end(TopicPartition partition, long end) {
        PartitionMeter meter = partitions.get(partition);
        if (meter != null) {
            meter.end(end);
        }
    }

    synchronized void close() {
        closed = true;
        removed(Set.copyOf(partitions.keySet()));
    }

    private boolean knowsEnds() {
        List<PartitionMeter> owned = all;
        // By index: an iterator for each batch would be garbage for each batch.
        for (int i = 0; i < owned.size(); i++) {
            if (!owned.get(i).knowsEnd()) {
                return false;
            }
        }
        return true;
    }

    private double active() {
        List<PartitionMeter> owned = all;
        long sum = 0;
        for (int i = 0; i < owned.size(); i++) {
            sum += owned.get(i).uncommitted();
        }
        return (double) sum;
    }

    private double uncommittedMax() {
        long max = 0;
        for (PartitionMeter partition : all) {
            max = Math.max(max, partition.uncommitted());
        }
        return (double) max;
    }
}
