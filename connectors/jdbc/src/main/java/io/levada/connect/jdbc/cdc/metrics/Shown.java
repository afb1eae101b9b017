/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import io.levada.connect.jdbc.metrics.WrittenMetrics;
import java.time.Duration;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;

/** Shows a capture's numbers as long as its task lives. Used by the task's thread, but for {@link #close}. */
public final class Shown implements AutoCloseable {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Beans beans;
    private final @Nullable PluginGauges gauges;
    private long writtenAtNanos;
    private boolean closed;

    /**
     * @param prefix {@code topic.prefix}
     * @param queueSize records that may wait
     * @param queueBytes bytes that may wait; 0 for no bound
     */
    public Shown(SourceTaskContext context, String prefix, CaptureMeters meters, int queueSize, long queueBytes) {
        this.beans = new Beans(prefix, meters, queueSize, queueBytes);
        this.gauges = WrittenMetrics.of(context)
                .map(metrics -> new PluginGauges(metrics, meters, queueSize))
                .orElse(null);
        this.writtenAtNanos = System.nanoTime() - INTERVAL_NANOS;
    }

    /** Writes the numbers if a second has passed. */
    public synchronized void refreshInTime() {
        long now = System.nanoTime();
        if (closed || now - writtenAtNanos < INTERVAL_NANOS) {
            return;
        }
        writtenAtNanos = now;
        beans.show();
        if (gauges != null) {
            gauges.write();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        beans.close();
    }
}
