/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.TakenSignals;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Up to where the server may forget its log: no further than what is stored. Without heartbeats, which carry the offset on while
 * nothing changes, there is an exception: where nothing is on its way, all that the server has gone through since may go, too. So a
 * database whose captured tables are quiet does not fill its disk.
 */
final class Progress {

    /**
     * The capturing thread had nothing to do.
     *
     * @param done the offset of the last record handed over, or the stored one that this task began with; null for none at all
     * @param lsn all before was looked at and led to no further record
     */
    private record Quiet(@Nullable CdcOffset done, long lsn) {}

    private final boolean strict;
    private volatile @Nullable Quiet quiet;
    private volatile long confirmed;
    private volatile TakenSignals signals = TakenSignals.NONE;

    /** @param strict nothing beyond what is stored is ever confirmed */
    Progress(boolean strict) {
        this.strict = strict;
    }

    /** The capturing thread has handed over all records of what it has read, which is all before {@code lsn}. */
    void quiet(@Nullable CdcOffset done, long lsn) {
        quiet = new Quiet(done, lsn);
    }

    /** The worker has stored an offset, or none yet. */
    void stored(@Nullable CdcOffset offset) {
        Quiet known = quiet;
        long lsn = offset == null ? 0 : offset.commitLsn();
        signals = offset == null ? TakenSignals.NONE : offset.signals();
        if (!strict && known != null && Objects.equals(known.done(), offset) && !saysStrict(offset)) {
            lsn = known.lsn();
        }
        if (Long.compareUnsigned(lsn, confirmed) > 0) {
            confirmed = lsn;
        }
    }

    /** An offset that a run with heartbeats has stored says that the slot is not beyond it, which has to stay true. */
    private static boolean saysStrict(@Nullable CdcOffset offset) {
        return offset != null && offset.home() != null && offset.home().strict();
    }

    /** What to tell the server; 0 for nothing yet. */
    long confirmed() {
        return confirmed;
    }

    /** Signals that are stored as taken. */
    TakenSignals signals() {
        return signals;
    }
}
