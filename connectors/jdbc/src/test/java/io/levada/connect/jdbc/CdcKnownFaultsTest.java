/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.connect.api.harness.SourceHarness;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.slf4j.LoggerFactory;

/** Faults that change capture of PostgreSQL is known for, by what others learnt late: each must not be ours. */
final class CdcKnownFaultsTest {

    private static final int ADVISORY = 4711;

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
    }

    /** Of two transactions that overlap, the one that commits later may lie before in the log. */
    @Test
    void aRestartBetweenReceiptAndCommitLosesNothing() throws Exception {
        cdc.config.put("max.batch.size", "1");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (0)");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            all.addAll(source.poll(1, CdcFixture.PATIENCE));
            source.commit();
            try (Connection late = cdc.postgres.begin();
                    Connection early = cdc.postgres.begin()) {
                Postgres.execute(late, "INSERT INTO t VALUES (1)");
                Postgres.execute(early, "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)");
                Postgres.execute(late, "INSERT INTO t VALUES (4)");
                early.commit();
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
                source.commit(); // in the midst of the early one
                late.commit();
            }
            source.restart();
            for (int left = 3; left > 0; left--) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
                source.commit();
                source.restart();
            }
            all.addAll(cdc.untilMark(source));
        }
        assertThat(CdcFixture.told(all)).containsExactly("r 0 ->0", "c 2 ->2", "c 3 ->3", "c 1 ->1", "c 4 ->4");
    }

    /** What is committed after the snapshot was exported and before its connections read must come once, as a change. */
    @Test
    void allConnectionsReadTheExportedSnapshot() throws Exception {
        cdc.config.put("snapshot.max.threads", "3");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 15000) g"); // some chunks
        List<SourceRecord> all = readThough("DELETE FROM t WHERE id % 3 = 0", "INSERT INTO t VALUES (0, 'late')");
        assertThat(all.stream().filter(each -> CdcFixture.told(each).startsWith("r ")))
                .as("rows as they were when the slot was made")
                .hasSize(15_000);
        assertThat(all.stream().filter(each -> CdcFixture.told(each).startsWith("d ")))
                .hasSize(5_000);
        assertThat(CdcFixture.told(all)).contains("c 0 ->0,late").doesNotContain("r 0 ->0,late");
    }

    /** The snapshot still sees a table that was dropped since it was exported, and nobody can lock or read it. */
    @Test
    void aTableThatIsDroppedBeforeItsRowsAreReadHoldsUpNoOther() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE dropped (id int PRIMARY KEY)",
                "INSERT INTO dropped VALUES (1)",
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)");
        assertThat(CdcFixture.told(readThough("DROP TABLE dropped"))).containsExactly("r 1 ->1");
    }

    /** All that is told of a first reading, where this was done after its snapshot was exported and before anybody has it. */
    private List<SourceRecord> readThough(String... done) throws Exception {
        String slot = "SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + cdc.config.get("slot.name")
                + "' AND confirmed_flush_lsn IS NOT NULL";
        cdc.config.put("database.initial.statements", "SELECT held()");
        cdc.postgres.execute("CREATE FUNCTION held() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (" + slot
                + ") THEN PERFORM pg_advisory_xact_lock_shared(" + ADVISORY + "); END IF; END $$");
        try (Connection holding = cdc.postgres.connect();
                SourceHarness source = held(holding)) {
            await().atMost(CdcFixture.PATIENCE)
                    .until(() -> cdc.postgres.rows(slot).equals(List.of("1")));
            cdc.postgres.execute(done);
            Postgres.execute(holding, "SELECT pg_advisory_unlock(" + ADVISORY + ")");
            return cdc.untilMark(source);
        }
    }

    private SourceHarness held(Connection by) throws SQLException {
        Postgres.execute(by, "SELECT pg_advisory_lock(" + ADVISORY + ")");
        return cdc.start();
    }

    /** A producer that refuses a record names neither table nor column. */
    @Test
    void aRowThatTheProducerMayRefuseIsNamed() throws Exception {
        cdc.config.put("producer.override.max.request.size", "5000");
        cdc.config.put("skipped.operations", "c");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1, repeat('r', 5000)), (2, repeat('d', 5001)), (3, repeat('s', 10))");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.levada.connect.jdbc.cdc.stream.LargeRecords");
        logger.addAppender(logged);
        try (SourceHarness source = cdc.start()) {
            source.poll(3, CdcFixture.PATIENCE);
            assertThat(logged.list).hasSize(2);
            cdc.postgres.execute("INSERT INTO t VALUES (4, repeat('c', 5002))", "DELETE FROM t WHERE id = 4");
            source.poll(2, CdcFixture.PATIENCE);
        } finally {
            logger.detachAppender(logged);
        }
        assertThat(logged.list)
                .extracting(each -> String.valueOf(each.getKeyValuePairs()))
                .hasSize(3)
                .allSatisfy(each -> assertThat(each).contains("topic=\"p.public.t\"", "column=\"v\""));
    }

    /** DBZ-1730: a connector without a stored offset began at the end of the log instead of where its slot stood. */
    @Test
    void aSlotThatIsThereIsReadFromWhereItStands() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.config.put("publication.autocreate.mode", "disabled");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE PUBLICATION " + cdc.config.get("publication.name") + " FOR TABLE t",
                "SELECT pg_create_logical_replication_slot('" + cdc.config.get("slot.name") + "', 'pgoutput')");
        cdc.postgres.execute("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(2, CdcFixture.PATIENCE))).containsExactly("c 1 ->1", "c 2 ->2");
        }
    }

    /** DBZ-5739: a slot that was dropped or made again meanwhile was read, and what it had not kept was missing without a word. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlotThatIsGoneOrAnotherIsNotGoneOnWith(boolean madeAgain) throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        String slot = String.valueOf(cdc.config.get("slot.name"));
        cdc.postgres.execute("SELECT pg_drop_replication_slot('" + slot + "')", "INSERT INTO t VALUES (2)");
        if (madeAgain) {
            cdc.postgres.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        }
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining(slot)
                    .hasMessageContaining(madeAgain ? "somebody made it again" : "is not there any more")
                    .hasMessageMatching("(?s).* [1-9][0-9]* bytes .*")
                    .hasMessageContaining("Set snapshot.mode=when_needed")
                    .hasMessageContaining("DELETE /connectors/");
        }
        assertThat(cdc.postgres.rows("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + slot + "'"))
                .as("none was made")
                .hasSize(madeAgain ? 1 : 0);

        cdc.config.put("snapshot.mode", "when_needed");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(2, CdcFixture.PATIENCE))).containsExactly("r 1 ->1", "r 2 ->2");
        }
    }

    /** dbz#1554: rows of one COPY have one place in the log, and a restart in their midst passed over the rest. */
    @Test
    void aRestartBetweenRowsOfOnePlaceLosesNone() throws Exception {
        cdc.config.put("max.batch.size", "1");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            try (Connection connection = cdc.postgres.connect()) {
                long unused = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY t FROM STDIN", new StringReader("1\n2\n3\n4\n"));
            }
            for (int left = 4; left > 0; left--) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
                source.commit();
                source.restart();
            }
            all.addAll(cdc.untilMark(source));
        }
        assertThat(all.stream().map(each -> each.sourceOffset().get("lsn")).distinct())
                .as("places in the log")
                .hasSize(1);
        assertThat(CdcFixture.told(all)).containsExactly("c 1 ->1", "c 2 ->2", "c 3 ->3", "c 4 ->4");
    }

    /** DBZ-9641: what the driver tells by itself to keep the connection must not move the slot, nor keep it from moving. */
    @Test
    void keepalivesConfirmNothingThatIsNotStored() throws Exception {
        cdc.config.put("heartbeat.interval.ms", "0"); // what is quiet is confirmed at once
        cdc.config.put("status.update.interval.ms", "20");
        cdc.config.put("table.include.list", "public\\.t");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int)", "INSERT INTO t VALUES (0)");
        String name = "slot_name = '" + cdc.config.get("slot.name") + "'";
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
            String before =
                    cdc.postgres.rows("SELECT pg_current_wal_insert_lsn()").get(0);
            cdc.postgres.execute("INSERT INTO t VALUES (1)");
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 1 ->1");
            cdc.postgres.execute("INSERT INTO other SELECT generate_series(1, 1000)");
            String end = cdc.postgres.rows("SELECT pg_current_wal_insert_lsn()").get(0);
            awaitReplies(end, source);
            assertThat(cdc.postgres.rows(
                            "SELECT confirmed_flush_lsn <= '" + before + "' FROM pg_replication_slots WHERE " + name))
                    .as("the change is polled, not stored")
                    .containsExactly("t");
            await().atMost(CdcFixture.PATIENCE).until(() -> {
                source.commit();
                source.poll();
                return cdc.postgres
                        .rows("SELECT confirmed_flush_lsn >= '" + end + "' FROM pg_replication_slots WHERE " + name)
                        .equals(List.of("t"));
            });
        }
    }

    /** Until the server has sent all up to there and has heard of us since. */
    private void awaitReplies(String lsn, SourceHarness source) {
        String sent = "SELECT sent_lsn >= '" + lsn + "' AND write_lsn >= '" + lsn
                + "' FROM pg_stat_replication WHERE pid = (SELECT active_pid FROM pg_replication_slots WHERE slot_name = '"
                + cdc.config.get("slot.name") + "')";
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            source.poll();
            return cdc.postgres.rows(sent).equals(List.of("t"));
        });
    }

    /** A change of a key's name in a backlog: earlier changes had the key under its old name. */
    @Test
    void changesKeepTheirKeyWhereItsColumnHasBeenRenamedSince() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (0, 'a')");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        cdc.postgres.execute(
                "INSERT INTO t VALUES (1, 'b')",
                "ALTER TABLE t RENAME COLUMN id TO number",
                "INSERT INTO t VALUES (2, 'c')");
        try (SourceHarness source = cdc.start()) {
            List<String> keys = source.poll(2, CdcFixture.PATIENCE).stream()
                    .map(SourceRecord::key)
                    .map(String::valueOf)
                    .toList();
            assertThat(keys).containsExactly("Struct{id=1}", "Struct{number=2}");
        }
    }
}
