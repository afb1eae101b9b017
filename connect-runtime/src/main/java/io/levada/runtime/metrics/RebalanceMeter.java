/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Time;

/** What this worker sees of its group. Told by the herder's thread. */
public final class RebalanceMeter {
    private static final long NOT_NOW = -1;

    private final Time time;
    private final Tally rebalances;
    private final Sensor duration;
    private volatile String leader = "";
    private volatile String protocol = "";
    private volatile int generation = -1;
    private volatile long beganMs = NOT_NOW;
    private volatile long endedMs = NOT_NOW;

    RebalanceMeter(Metrics metrics, Time time) {
        this.time = time;
        MeterGroup group = new MeterGroup(metrics);
        this.rebalances = group.total(ConnectMetric.REBALANCES);
        this.duration = group.spread(ConnectMetric.REBALANCE_TIME_MAX, ConnectMetric.REBALANCE_TIME_AVG);
        group.text(ConnectMetric.LEADER, () -> leader);
        group.text(ConnectMetric.PROTOCOL, () -> protocol);
        group.number(ConnectMetric.EPOCH, () -> generation);
        group.number(ConnectMetric.REBALANCING, () -> beganMs == NOT_NOW ? 0 : 1);
        group.measured(
                ConnectMetric.SINCE_REBALANCE,
                (config, now) -> endedMs == NOT_NOW ? Double.POSITIVE_INFINITY : Math.max(0, now - endedMs));
    }

    /** The group is about to agree anew. */
    public void began() {
        beganMs = time.milliseconds();
    }

    /** The group has agreed. */
    public void joined(int newGeneration, String newLeader, String groupProtocol) {
        long nowMs = time.milliseconds();
        long began = beganMs;
        generation = newGeneration;
        leader = newLeader;
        protocol = groupProtocol;
        rebalances.add(1);
        duration.record(began == NOT_NOW ? 0d : (double) Math.max(0, nowMs - began), nowMs);
        beganMs = NOT_NOW;
        endedMs = nowMs;
    }
}
