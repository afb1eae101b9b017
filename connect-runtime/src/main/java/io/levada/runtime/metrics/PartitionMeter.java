/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

/** How far a sink task has come in one partition. Written by the task's thread, read by whoever looks. */
final class PartitionMeter implements AutoCloseable {
    private static final long UNKNOWN = -1;

    private final MeterGroup group;
    private volatile long nextToRead;
    private volatile long nextToPut;
    private volatile long committed;
    private volatile long end = UNKNOWN;

    PartitionMeter(MeterGroup group, long position) {
        this.group = group;
        reached(position, position, position);
        group.number(ConnectMetric.RECORD_LAG, this::lag);
    }

    void reached(long read, long put, long safe) {
        nextToRead = read;
        nextToPut = put;
        committed = safe;
    }

    void end(long offset) {
        end = offset;
    }

    boolean knowsEnd() {
        return end != UNKNOWN;
    }

    long uncommitted() {
        return Math.max(0, nextToRead - committed);
    }

    private double lag() {
        long known = end;
        return known == UNKNOWN ? Double.NaN : Math.max(0, Math.max(known, nextToRead) - nextToPut);
    }

    @Override
    public void close() {
        group.close();
    }
}
