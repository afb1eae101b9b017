/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import io.levada.connect.jdbc.cdc.metrics.SnapshotProgress.State;
import java.util.Map;

/** What is shown of reading rows. */
final class SnapshotNumbers extends EventNumbers implements SnapshotMetricsMXBean {

    private final SnapshotProgress progress;

    SnapshotNumbers(CaptureMeters meters, int queueSize, long queueBytes) {
        super(meters, queueSize, queueBytes);
        this.progress = meters.snapshot();
    }

    @Override
    public long getTotalNumberOfEventsSeen() {
        return meters.total('r');
    }

    @Override
    public int getTotalTableCount() {
        return progress.tables();
    }

    @Override
    public int getRemainingTableCount() {
        return progress.remainingTables();
    }

    @Override
    public boolean getSnapshotRunning() {
        return progress.state() == State.RUNNING;
    }

    @Override
    public boolean getSnapshotPaused() {
        return false;
    }

    @Override
    public boolean getSnapshotCompleted() {
        return progress.state() == State.COMPLETED;
    }

    @Override
    public boolean getSnapshotAborted() {
        return progress.state() == State.ABORTED;
    }

    @Override
    public boolean getSnapshotSkipped() {
        return progress.state() == State.NONE && meters.isConnected();
    }

    @Override
    public long getSnapshotDurationInSeconds() {
        return progress.seconds();
    }

    @Override
    public long getSnapshotPausedDurationInSeconds() {
        return 0;
    }

    @Override
    public Map<String, Long> getRowsScanned() {
        return meters.byTable('r');
    }

    @Override
    public Map<String, Long> getTableChunkCounts() {
        return progress.chunks();
    }

    @Override
    public Map<String, Long> getTableChunksCompletedCounts() {
        return progress.chunksDone();
    }

    @Override
    public double getSnapshotPartDone() {
        return progress.part();
    }

    @Override
    public long getSnapshotSecondsLeft() {
        return progress.secondsLeft();
    }
}
