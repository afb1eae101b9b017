/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.util.Map;

/** Attributes of {@code context=streaming}: Debezium's, and behind them our own. */
public interface StreamingMetricsMXBean extends EventMetricsMXBean {

    boolean isConnected();

    /** How old the last transaction was when it was read. */
    long getMilliSecondsBehindSource();

    long getNumberOfCommittedTransactions();

    String getLastTransactionId();

    Map<String, String> getSourceEventPosition();

    Map<String, Long> getNumberOfCreateEventsSeen();

    Map<String, Long> getNumberOfUpdateEventsSeen();

    Map<String, Long> getNumberOfDeleteEventsSeen();

    Map<String, Long> getNumberOfTruncateEventsSeen();

    long getTotalNumberOfLogicalMessageEventsSeen();

    /** Bytes of the server's log that have not been read. */
    long getBytesBehindSource();

    /** Bytes of its log that the server keeps for the slot. */
    long getWalBytesKept();

    /** How much more of its log the server may write before the slot is lost; -1 where there is no limit. */
    long getWalBytesSafe();
}
