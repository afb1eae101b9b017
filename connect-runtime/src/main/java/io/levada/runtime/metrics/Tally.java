/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;

/**
 * A count that only rises. To add is one addition without a lock or a look at the clock, cheap enough for a client's thread; the rate over the
 * metrics window is worked out when somebody looks, and once a batch, so that its windows are filled also when nobody does.
 */
final class Tally {
    private final LongAdder count = new LongAdder();
    private final Rate rate = new Rate();
    /** What the rate knows of; guarded by this, as the rate is. */
    private long rated;

    void add(long more) {
        count.add(more);
    }

    double total() {
        return (double) count.sum();
    }

    /** Tells the rate what was added since the last time. */
    synchronized void settle(MetricConfig config, long nowMs) {
        long all = count.sum();
        rate.record(config, (double) (all - rated), nowMs);
        rated = all;
    }

    synchronized double perSecond(MetricConfig config, long nowMs) {
        settle(config, nowMs);
        return rate.measure(config, nowMs);
    }
}
