/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that change while a slot is made. The server first waits for the transactions it found, then for those that began meanwhile; what
 * others commit during the first wait it may not see afterwards when it decodes. As it goes, the slot is then made with this fault.
 */
final class CdcSlotMakingTest {

    private static final String TRUNCATES = "TRUNCATE t";
    private static final String ADDS = "ALTER TABLE t ADD COLUMN late int DEFAULT 7";

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (0, 0)");
    }

    @Test
    void aTransactionWithinAfterATruncationIsRead() throws Exception {
        try (Making making = new Making();
                SourceHarness source = cdc.start()) {
            making.run(TRUNCATES);
            making.commitLast();
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 5 ->5,5");
            cdc.postgres.execute("INSERT INTO t VALUES (6, 6)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 6 ->6,6");
        }
    }

    @Test
    void aTransactionWithinHasTheColumnsOfItsTime() throws Exception {
        try (Making making = new Making();
                SourceHarness source = cdc.start()) {
            making.run(ADDS);
            making.commitLast();
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactlyInAnyOrder("r 0 ->0,0,7", "r 5 ->5,5,7");
        }
    }

    /** The next run would take a slot that is there as one that can be read. */
    @Test
    void aServerThatEndsSessionsMeanwhileHasNoSlot() throws Exception {
        try (Making making = new Making();
                SourceHarness source = cdc.start()) {
            making.run(TRUNCATES);
            assertThat(slots()).doesNotContain(cdc.config.get("slot.name"));
            cdc.postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name LIKE 'levada-cdc-%'");
            making.commitLast();
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE)).isInstanceOf(RetriableException.class);
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 5 ->5,5");
        }
        assertThat(slots()).containsExactly(cdc.config.get("slot.name"));
    }

    @Test
    void oneFreeSlotIsEnough() throws Exception {
        try (Taken all = new Taken();
                SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 0 ->0,0");
            assertThat(all.left()).isZero();
        }
    }

    @Test
    void withOneFreeSlotItIsMadeAgainUntilNothingIsAlteredMeanwhile() throws Exception {
        try (Taken all = new Taken();
                Connection found = cdc.postgres.begin();
                Connection second = cdc.postgres.begin();
                Connection third = cdc.postgres.begin();
                Connection fourth = cdc.postgres.begin()) {
            assertThat(all.left()).isOne();
            String foundXid = begin(found);
            try (SourceHarness source = cdc.start()) {
                awaitMakerWaitsFor(foundXid);
                String secondXid = begin(second);
                found.commit();
                awaitMakerWaitsFor(secondXid);
                String thirdXid = begin(third);
                second.commit(); // the first slot is made, and cannot be copied
                awaitMakerWaitsFor(thirdXid);
                String fourthXid = begin(fourth);
                cdc.postgres.execute(TRUNCATES);
                third.commit();
                awaitMakerWaitsFor(fourthXid);
                fourth.commit();
                assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                        .isInstanceOf(RetriableException.class)
                        .hasMessageContaining(
                                "cannot be moved without a second one: ERROR: all replication slots are in use");
                assertThat(CdcFixture.told(cdc.untilMark(source))).isEmpty();
                cdc.postgres.execute("INSERT INTO t VALUES (6, 6)");
                assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 6 ->6,6");
            }
        }
    }

    /** Records of an earlier run may be in the topic though no offset was stored: what was deleted since is to be told. */
    @Test
    void aSlotThatIsThereIsReadFromWhereItStands() throws Exception {
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("r 0 ->0,0");
        }
        cdc.postgres.execute("DELETE FROM t WHERE id = 0");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMark(source))).contains("tombstone Struct{id=0}");
        }
    }

    @Test
    void whereNoRowsAreReadChangesBeginBehindIt() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        try (Making making = new Making();
                SourceHarness source = cdc.start()) {
            making.run(TRUNCATES);
            making.commitLast();
            cdc.awaitActiveSlot();
            cdc.postgres.execute("INSERT INTO t VALUES (6, 6)");
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 6 ->6,6");
        }
    }

    /** A slot of the user's own is read from where it stands: there the connector cannot help. */
    @Test
    void theErrorNamesTheWayOut() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        makeSlotAround(TRUNCATES);
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("could not map file")
                    .hasMessageContaining("truncated or rewritten just when the slot was made")
                    .hasMessageContaining("DELETE /connectors/" + cdc.config.get("name") + "/offsets");
        }
    }

    @Test
    void whereRowsAreReadWhenNeededTheSlotIsMadeAnew() throws Exception {
        cdc.config.put("snapshot.mode", "when_needed");
        makeSlotAround(TRUNCATES);
        long stands = Long.parseLong(cdc.postgres
                .rows("SELECT confirmed_flush_lsn - '0/0' FROM pg_replication_slots WHERE slot_name = '"
                        + cdc.config.get("slot.name") + "'")
                .get(0));
        cdc.offsets.put(Map.of("server", "p"), Map.of("lsn", stands));
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE)).isInstanceOf(RetriableException.class);
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 5 ->5,5");
        }
    }

    @Test
    void theSlotStaysWhileTransactionsInProgressMayBeTheCause(@TempDir Path inProgress) throws Exception {
        cdc.config.put("snapshot.mode", "when_needed");
        cdc.config.put("transactions.in.progress.directory", inProgress.toString());
        makeSlotAround(TRUNCATES);
        String slot = "SELECT confirmed_flush_lsn - '0/0' FROM pg_replication_slots WHERE slot_name = '"
                + cdc.config.get("slot.name") + "'";
        cdc.offsets.put(
                Map.of("server", "p"),
                Map.of("lsn", Long.parseLong(cdc.postgres.rows(slot).get(0))));
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .hasMessageContaining("without transactions in progress");
            assertThat(cdc.postgres.rows(slot)).hasSize(1);
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE)).isInstanceOf(RetriableException.class);
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 5 ->5,5");
        }
    }

    private List<String> slots() throws SQLException {
        return cdc.postgres.rows("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()");
    }

    private void makeSlotAround(String change) throws Exception {
        cdc.postgres.execute("CREATE PUBLICATION " + cdc.config.get("publication.name") + " FOR TABLE t");
        try (Making making = new Making()) {
            Thread maker = new Thread(() -> {
                try {
                    cdc.postgres.execute("SELECT pg_create_logical_replication_slot('" + cdc.config.get("slot.name")
                            + "', 'pgoutput') /* CREATE_REPLICATION_SLOT */");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            maker.start();
            making.run(change);
            maker.join();
            making.commitLast();
        }
    }

    private static String begin(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_current_xact_id()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void awaitMakerWaitsFor(String xid) {
        String waits =
                "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE query LIKE '%CREATE_REPLICATION_SLOT%'"
                        + " AND locktype = 'transactionid' AND NOT granted AND transactionid::text = '" + xid + "'";
        await().atMost(CdcFixture.PATIENCE).until(() -> cdc.postgres.rows(waits).equals(List.of("1")));
    }

    /** All slots of the server but one. */
    private final class Taken implements AutoCloseable {

        private final String others;

        Taken() throws SQLException {
            int free = Integer.parseInt(cdc.postgres
                    .rows(
                            "SELECT CAST(current_setting('max_replication_slots') AS int) - count(*) FROM pg_replication_slots")
                    .get(0));
            others = "SELECT count(%s) FROM generate_series(1, " + (free - 1) + ") AS i";
            cdc.postgres.execute(others.formatted("pg_create_physical_replication_slot('taken_' || i)"));
        }

        int left() throws SQLException {
            return Integer.parseInt(cdc.postgres
                    .rows("SELECT CAST(current_setting('max_replication_slots') AS int) - count(*)"
                            + " FROM pg_replication_slots")
                    .get(0));
        }

        @Override
        public void close() throws SQLException {
            cdc.postgres.execute(others.formatted("pg_drop_replication_slot('taken_' || i)"));
        }
    }

    /** The sessions around a slot that is being made. */
    private final class Making implements AutoCloseable {

        private final Connection found = cdc.postgres.begin();
        private final Connection meanwhile = cdc.postgres.begin();
        private final Connection last = cdc.postgres.begin();
        private final String foundXid = begin(found);

        Making() throws SQLException {}

        /** Up to when the slot is there; the last transaction is still under way. */
        void run(String change) throws SQLException {
            awaitMakerWaitsFor(foundXid);
            String meanwhileXid = begin(meanwhile);
            cdc.postgres.execute(change);
            found.commit();
            awaitMakerWaitsFor(meanwhileXid);
            Postgres.execute(last, "INSERT INTO t VALUES (5, 5)");
            meanwhile.commit();
            String made = "SELECT DISTINCT 1 FROM pg_replication_slots WHERE confirmed_flush_lsn IS NOT NULL"
                    + " AND database = current_database()";
            await().atMost(CdcFixture.PATIENCE)
                    .until(() -> cdc.postgres.rows(made).equals(List.of("1")));
        }

        void commitLast() throws SQLException {
            last.commit();
        }

        @Override
        public void close() throws SQLException {
            found.close();
            meanwhile.close();
            last.close();
        }
    }
}
