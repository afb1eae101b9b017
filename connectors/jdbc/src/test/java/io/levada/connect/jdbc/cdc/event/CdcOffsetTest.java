/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

final class CdcOffsetTest {

    @Test
    void isReadAsItWasStored() {
        for (CdcOffset offset : new CdcOffset[] {
            CdcOffset.BEGINNING,
            new CdcOffset(10, 20, 3, 700, 5, null, ReadTables.of("a.b,c.d"), new SlotHome("728", 2, "s", true)),
            new CdcOffset(
                    10,
                    20,
                    0,
                    700,
                    5,
                    new SnapshotPlace("public.orders", 16400, 512, 7),
                    ReadTables.of("public.a"),
                    new SlotHome("728", 1, "s", false)),
            new CdcOffset(10, 20, 0, 700, 5, SnapshotPlace.NONE, ReadTables.NONE, null),
            new CdcOffset(
                    10,
                    20,
                    0,
                    700,
                    5,
                    new SnapshotPlace("public.orders", 16400, 512, 7, true),
                    null,
                    null,
                    ReadTables.of("public.orders"),
                    new TakenSignals("p-signal", 7, "s.txt", 2)),
        }) {
            assertThat(CdcOffset.of(offset.stored())).isEqualTo(offset);
            assertThat(CdcOffset.of(new OffsetMap(offset))).isEqualTo(offset);
        }
    }

    @Test
    void takesOverDebeziumsOffsets() {
        Map<String, Object> streaming = Map.of(
                "transaction_id", "790:35189824",
                "lsn_proc", 35189900L,
                "messageType", "INSERT",
                "lsn_commit", 35189000L,
                "lsn", 35189900L,
                "lsn_events_processed", 2L,
                "txId", 790,
                "ts_usec", 1_700_000_000_000_000L);
        assertThat(CdcOffset.of(streaming))
                .isEqualTo(new CdcOffset(35189000L, 35189900L, 2, 790, 1_700_000_000_000_000L, null, null, null));

        Map<String, Object> afterSnapshot = new HashMap<>(Map.of("lsn", 100L, "txId", 5L, "ts_usec", 9L));
        afterSnapshot.put("snapshot", "INITIAL");
        afterSnapshot.put("last_snapshot_record", true);
        afterSnapshot.put("snapshot_completed", true);
        assertThat(CdcOffset.of(afterSnapshot)).isEqualTo(new CdcOffset(100, 100, 0, 5, 9, null, null, null));

        afterSnapshot.put("snapshot_completed", false);
        assertThat(CdcOffset.of(afterSnapshot).snapshot())
                .as("to be done again")
                .isNotNull();
    }

    /** Else the rest of its tables would never be read. */
    @Test
    void goesOnWithRowsThatDebeziumWasAskedFor() {
        Map<String, Object> amid = Map.of(
                "lsn",
                100L,
                "incremental_snapshot_collections",
                "[{\"incremental_snapshot_collections_id\":\"public.a\",\"incremental_snapshot_collections_additional_condition\":\"\"},"
                        + "{\"incremental_snapshot_collections_id\" : \"public.b \\\"x\\\"\"}]",
                "incremental_snapshot_primary_key",
                "aced0005");
        assertThat(CdcOffset.of(amid).asked())
                .isEqualTo(ReadTables.NONE.with("public.a").with("public.b \"x\""));
        assertThat(CdcOffset.of(Map.of("lsn", 100L, "incremental_snapshot_collections", "[]"))
                        .asked())
                .isEqualTo(ReadTables.NONE);
    }

    @Test
    void countsChangesAtOnePlace() {
        CdcOffset offset = new CdcOffset(10, 10, 0, 1, 5, null, ReadTables.of("t"), null);
        offset = offset.afterChange(20, 2, 6).afterChange(20, 2, 6);
        assertThat(offset.changesAtLsn()).isEqualTo(2);
        assertThat(offset.commitLsn()).isEqualTo(10);
        offset = offset.afterChange(30, 2, 6);
        assertThat(offset.changesAtLsn()).isEqualTo(1);
        offset = offset.afterCommit(40, 2, 6);
        assertThat(offset).isEqualTo(new CdcOffset(40, 40, 0, 2, 6, null, ReadTables.of("t"), null));
    }

    @Test
    void namesTheKeyThatIsNoNumber() {
        assertThatThrownBy(() -> CdcOffset.of(Map.of("lsn", "0/16B3748")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("lsn=0/16B3748")
                .hasMessageContaining("PATCH");
    }

    /** The end of a transaction is the beginning of what follows it. */
    @Test
    void tellsAMessageFromTheTransactionThatEndsWhereItBegins() {
        CdcOffset ended = CdcOffset.BEGINNING.afterCommit(40, 2, 6);
        assertThat(ended.hasMessage(40)).isFalse();
        assertThat(ended.hasMessage(39)).isTrue();
        assertThat(ended.afterMessage(40, 6).hasMessage(40)).isTrue();
        assertThat(ended.afterMessage(40, 6).goneThrough(90).hasMessage(90)).isFalse();
    }
}
