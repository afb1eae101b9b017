/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

/** Attributes that Debezium's MBeans of both contexts have. Times are milliseconds; -1 stands for what has not happened yet. */
public interface EventMetricsMXBean {

    String getLastEvent();

    long getMilliSecondsSinceLastEvent();

    long getTotalNumberOfEventsSeen();

    long getTotalNumberOfCreateEventsSeen();

    long getTotalNumberOfUpdateEventsSeen();

    long getTotalNumberOfDeleteEventsSeen();

    long getTotalNumberOfReadEventsSeen();

    long getNumberOfEventsFiltered();

    /** Always 0: what cannot be told fails the task. */
    long getNumberOfErroneousEvents();

    int getQueueTotalCapacity();

    int getQueueRemainingCapacity();

    /** 0 for no bound. */
    long getMaxQueueSizeInBytes();

    long getCurrentQueueSizeInBytes();

    String[] getCapturedTables();
}
