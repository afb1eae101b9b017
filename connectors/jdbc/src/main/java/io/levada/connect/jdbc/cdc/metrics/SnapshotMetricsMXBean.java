/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.util.Map;

/** Attributes of {@code context=snapshot}: Debezium's, and behind them our own. */
public interface SnapshotMetricsMXBean extends EventMetricsMXBean {

    int getTotalTableCount();

    int getRemainingTableCount();

    boolean getSnapshotRunning();

    /** Always false. */
    boolean getSnapshotPaused();

    boolean getSnapshotCompleted();

    boolean getSnapshotAborted();

    boolean getSnapshotSkipped();

    long getSnapshotDurationInSeconds();

    /** Always 0. */
    long getSnapshotPausedDurationInSeconds();

    Map<String, Long> getRowsScanned();

    Map<String, Long> getTableChunkCounts();

    Map<String, Long> getTableChunksCompletedCounts();

    /** Chunks done of all, from 0 to 1. */
    double getSnapshotPartDone();

    /** As far as what was done tells; -1 while that is unknown. */
    long getSnapshotSecondsLeft();
}
