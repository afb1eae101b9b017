/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.SlotHome;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The server is never told to forget what is not stored. */
final class ProgressTest {

    private final Progress progress = new Progress(false);

    private static CdcOffset at(long commit, long lsn) {
        return CdcOffset.of(Map.of("lsn_commit", commit, "lsn", lsn, "lsn_events_processed", 1L, "txId", 7L));
    }

    @Test
    void confirmsTheEndOfTheLastTransactionThatIsStored() {
        progress.stored(at(100, 150));
        assertThat(progress.confirmed()).isEqualTo(100);
        progress.stored(at(90, 95));
        assertThat(progress.confirmed()).as("never backwards").isEqualTo(100);
    }

    @Test
    void confirmsWhatWasGoneThroughWhereTheLastRecordIsStored() {
        progress.quiet(at(100, 150), 5_000);
        progress.stored(at(50, 60));
        assertThat(progress.confirmed()).as("a record is on its way").isEqualTo(50);
        progress.stored(at(100, 150));
        assertThat(progress.confirmed()).isEqualTo(5_000);
    }

    /** After a lost connection, with a record that was polled and is not stored. */
    @Test
    void confirmsNothingBehindARecordOfAnEarlierRun() {
        progress.quiet(at(100, 150), 5_000);
        progress.stored(null);
        assertThat(progress.confirmed()).isZero();
    }

    @Test
    void confirmsWhatWasGoneThroughBeforeTheFirstRecord() {
        progress.quiet(null, 300);
        progress.stored(null);
        assertThat(progress.confirmed()).isEqualTo(300);
        progress.quiet(null, 900);
        progress.stored(at(400, 450));
        assertThat(progress.confirmed()).as("one has come meanwhile").isEqualTo(400);
    }

    @Test
    void confirmsNothingBeyondWhatIsStoredWhereHeartbeatsCarryItOn() {
        Progress strict = new Progress(true);
        strict.quiet(at(100, 150), 5_000);
        strict.stored(at(100, 150));
        assertThat(strict.confirmed()).isEqualTo(100);
    }

    /** Heartbeats were turned off: what is stored still says that the slot is not beyond it. */
    @Test
    void keepsTrueWhatAnOffsetSays() {
        CdcOffset told = at(100, 150).at(new SlotHome("728", 1, "s", true));
        progress.quiet(told, 5_000);
        progress.stored(told);
        assertThat(progress.confirmed()).isEqualTo(100);

        CdcOffset further = at(200, 250).at(new SlotHome("728", 1, "s", false));
        progress.quiet(further, 6_000);
        progress.stored(further);
        assertThat(progress.confirmed()).isEqualTo(6_000);
    }
}
