/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * Tells the server how far it may forget, and that we live: the driver does so by itself only while it reads. Used by the capturing
 * thread.
 */
final class Reporter {

    private final Progress progress;
    private final Duration interval;
    private @Nullable PGReplicationStream stream;
    private @Nullable Watch watch;
    private long reportedAtNanos;

    /** @param interval after which the server wants to hear of us */
    Reporter(Progress progress, Duration interval) {
        this.progress = progress;
        this.interval = interval;
    }

    /** Half of the interval: how often {@link #aliveInTime} is to be called at least. */
    Duration patience() {
        return interval.dividedBy(2);
    }

    /** From now on the slot is looked at, too. */
    void watchBy(Watch guard) {
        watch = guard;
    }

    /** From now on there is somebody to report to. */
    void to(PGReplicationStream opened) {
        stream = opened;
    }

    /** Reports if there is news; to be called between transactions. */
    void newsInTime() throws SQLException {
        report(false);
    }

    /** Reports if there is news, and if nothing was said for half the interval; to be called where nothing is read for long. */
    void aliveInTime() throws SQLException {
        report(true);
    }

    private void report(boolean anyway) throws SQLException {
        PGReplicationStream open = stream;
        if (watch != null) {
            watch.lookInTime(open == null ? 0 : open.getLastReceiveLSN().asLong());
        }
        if (open == null) {
            return;
        }
        long confirmed = progress.confirmed();
        boolean news = Long.compareUnsigned(confirmed, open.getLastFlushedLSN().asLong()) > 0;
        if (news) {
            open.setFlushedLSN(LogSequenceNumber.valueOf(confirmed));
            open.setAppliedLSN(LogSequenceNumber.valueOf(confirmed));
        }
        if (news || (anyway && System.nanoTime() - reportedAtNanos > patience().toNanos())) {
            open.forceUpdateStatus();
            reportedAtNanos = System.nanoTime();
        }
    }
}
