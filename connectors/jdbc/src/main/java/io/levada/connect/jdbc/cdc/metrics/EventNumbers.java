/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.util.Map;

/** The numbers that both contexts show, as Debezium has them. */
abstract class EventNumbers implements EventMetricsMXBean {

    final CaptureMeters meters;
    private final int queueSize;
    private final long queueBytes;

    EventNumbers(CaptureMeters meters, int queueSize, long queueBytes) {
        this.meters = meters;
        this.queueSize = queueSize;
        this.queueBytes = queueBytes;
    }

    @Override
    public String getLastEvent() {
        return String.valueOf(getSourceEventPosition());
    }

    public final Map<String, String> getSourceEventPosition() {
        return meters.lastLsn() == 0 ? Map.of() : Map.of("lsn", Long.toString(meters.lastLsn()));
    }

    @Override
    public long getMilliSecondsSinceLastEvent() {
        return meters.millisSinceLastEvent();
    }

    @Override
    public long getTotalNumberOfCreateEventsSeen() {
        return meters.total('c');
    }

    @Override
    public long getTotalNumberOfUpdateEventsSeen() {
        return meters.total('u');
    }

    @Override
    public long getTotalNumberOfDeleteEventsSeen() {
        return meters.total('d');
    }

    @Override
    public long getTotalNumberOfReadEventsSeen() {
        return meters.total('r');
    }

    @Override
    public long getNumberOfEventsFiltered() {
        return meters.filteredEvents();
    }

    @Override
    public long getNumberOfErroneousEvents() {
        return 0;
    }

    @Override
    public int getQueueTotalCapacity() {
        return queueSize;
    }

    @Override
    public int getQueueRemainingCapacity() {
        return Math.max(0, queueSize - meters.waiting().records());
    }

    @Override
    public long getMaxQueueSizeInBytes() {
        return queueBytes;
    }

    @Override
    public long getCurrentQueueSizeInBytes() {
        return meters.waiting().bytes();
    }

    @Override
    public String[] getCapturedTables() {
        return meters.captured().toArray(new String[0]);
    }
}
