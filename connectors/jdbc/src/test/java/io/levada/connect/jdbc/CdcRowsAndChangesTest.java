/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are read while changes are followed: what one leaves for the other, over restarts and lost connections. */
final class CdcRowsAndChangesTest {

    private static final String ALL_OF_T = "{\"data-collections\": [\"public.t\"]}";
    private static final Map<String, String> PARTITION = Map.of("server", "p");

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        cdc.listen();
    }

    private static List<SourceRecord> of(List<SourceRecord> records, String topic) {
        return records.stream().filter(each -> each.topic().equals(topic)).toList();
    }

    private static List<String> rowsOf(List<SourceRecord> records) {
        return CdcFixture.told(records).stream()
                .filter(each -> each.startsWith("r "))
                .toList();
    }

    private String temporarySlots() throws SQLException {
        return cdc.postgres
                .rows("SELECT count(*) FROM pg_replication_slots WHERE temporary AND database = current_database()")
                .get(0);
    }

    private void awaitTemporarySlots(String count) {
        await().atMost(CdcFixture.PATIENCE).until(() -> temporarySlots().equals(count));
    }

    /** Its transaction has been handed over, and nothing since, when the connection is lost. */
    @Test
    void doesWhatASignalAskedForThoughTheConnectionIsLost() throws Exception {
        cdc.config.put("max.batch.size", "1");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
            try (Connection open = cdc.postgres.begin();
                    Connection asking = cdc.postgres.begin()) {
                Postgres.execute(open, "SELECT txid_current()"); // rows wait for it
                Postgres.execute(
                        asking,
                        "INSERT INTO asked.signals VALUES ('x', 'execute-snapshot', '" + ALL_OF_T + "')",
                        "INSERT INTO t VALUES (2)");
                asking.commit();
                assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 2 ->2");
                awaitTemporarySlots("1");
                cdc.postgres.execute(
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                                + cdc.config.get("slot.name") + "'");
                awaitRetry(source);
                open.commit();
            }
            assertThat(rowsOf(cdc.untilMark(source))).containsExactly("r 1 ->1", "r 2 ->2");
        }
    }

    private static void awaitRetry(SourceHarness source) {
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            try {
                source.poll();
                return false;
            } catch (RetriableException e) {
                return true;
            }
        });
    }

    /** An offset of Debezium's does not tell which tables have been read. */
    @Test
    void readsOnlyWhatWasAskedForAfterDebezium() throws Exception {
        cdc.config.put("max.batch.size", "100");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO other VALUES (1)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
        }
        Map<String, Object> offset = new HashMap<>(Objects.requireNonNull(cdc.offsets.offset(PARTITION)));
        offset.remove("levada_tables");
        cdc.offsets.put(PARTITION, offset);
        try (SourceHarness source = cdc.start()) {
            readSomeOfT(source);
            source.restart();
            while (rowsOf(all).size() < 15_000) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(of(all, "p.public.other")).isEmpty();
    }

    private void readSomeOfT(SourceHarness source) throws Exception {
        cdc.ask("execute-snapshot", ALL_OF_T);
        List<SourceRecord> some = new ArrayList<>();
        while (some.size() < 3_000) {
            some.addAll(source.poll(1, CdcFixture.PATIENCE));
            source.commit();
        }
        assertThat(Objects.requireNonNull(cdc.offsets.offset(PARTITION))).containsKey("levada_snapshot_table");
    }

    /** There is one place in the offset, and the other table is read at once. */
    @Test
    void readsNoRowTwiceWhereAnotherTableIsAskedForThatIsReadWhileChangesWait() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.readInSmallBatches();
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE keyless (v text)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g",
                "INSERT INTO keyless SELECT repeat('y', 200) FROM generate_series(1, 2000) g");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            all.addAll(source.poll(500, CdcFixture.PATIENCE));
            cdc.ask("execute-snapshot", "{\"data-collections\": [\"public.keyless\"]}");
            while (!all.get(all.size() - 1).topic().equals("p.public.keyless")) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
            source.commit();
            source.restart();
            cdc.awaitActiveSlot();
            while (all.isEmpty() || isReading(all)) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(rowsOf(of(all, "p.public.t"))).hasSize(20_000).doesNotHaveDuplicates();
    }

    /** Another comes first by its name, and would take the one place that is in the offset. */
    @Test
    void readsNoRowTwiceAfterARestartWhereTwoTablesAreLeft() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.readInSmallBatches();
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE a (id int PRIMARY KEY)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g",
                "INSERT INTO a SELECT generate_series(1, 1000)");
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            readSomeOfT(source);
        }
        Map<String, Object> offset = new HashMap<>(Objects.requireNonNull(cdc.offsets.offset(PARTITION)));
        offset.put("levada_asked", "public.a,public.t"); // as if a signal had come meanwhile
        cdc.offsets.put(PARTITION, offset);
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            while (of(all, "p.public.a").isEmpty()) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
            source.commit();
            source.restart();
            while (rowsOf(all).stream().noneMatch(each -> each.startsWith("r 20000 "))) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(rowsOf(all)).as("of what was read before").noneMatch(each -> each.startsWith("r 1 ->1,x"));
    }

    /** The place is in a partition, and the table under which it is told is another. */
    @Test
    void readsNoRowOfAPartitionTwiceWhereAnotherTableIsAskedFor() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.config.put("publish.via.partition.root", "true");
        cdc.readInSmallBatches();
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE t_0 PARTITION OF t FOR VALUES FROM (0) TO (10000)",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (10000) TO (30000)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "ALTER TABLE t_0 REPLICA IDENTITY FULL",
                "ALTER TABLE t_1 REPLICA IDENTITY FULL",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g",
                "INSERT INTO other VALUES (1)");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            all.addAll(source.poll(500, CdcFixture.PATIENCE));
            cdc.ask("execute-snapshot", "{\"data-collections\": [\"public.other\"]}");
            while (of(all, "p.public.other").isEmpty() || isReading(all)) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(rowsOf(of(all, "p.public.t"))).hasSize(20_000).doesNotHaveDuplicates();
    }

    @Test
    void readsAllRowsAtEachStartAlsoWhereSomeAreReadAgain() throws Exception {
        cdc.config.put("snapshot.mode", "always");
        cdc.config.put("max.batch.size", "100");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO other VALUES (1)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
            readSomeOfT(source);
            source.restart();
            assertThat(of(cdc.untilMark(source), "p.public.other")).hasSize(1);
        }
    }

    @Test
    void readsNoTableAgainInModeAlwaysBecauseAnotherHasJoined() throws Exception {
        cdc.config.put("snapshot.mode", "always");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
        }
        cdc.postgres.execute("CREATE TABLE u (id int PRIMARY KEY)", "INSERT INTO u VALUES (2)");
        cdc.config.put("tables.found", "1"); // as the connector says to its task then
        try (SourceHarness source = cdc.start()) {
            assertThat(rowsOf(cdc.untilMark(source))).containsExactly("r 2 ->2");
        }
    }

    /** A row that is still to be read may be moved by an update to where rows have been read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "skipped.operations=t,u",
                "skip.messages.without.change=true",
                "snapshot.mode=initial_only",
                "publication.autocreate.mode=disabled"
            })
    void readsRowsThatWereMovedByAnUpdateThatIsNotTold(String option) throws Exception {
        cdc.config.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        cdc.config.put("column.exclude.list", "public\\.t\\.hidden");
        cdc.config.put("max.batch.size", "10");
        cdc.config.put("max.queue.size", "20");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, hidden int, v text) WITH (autovacuum_enabled = off)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t SELECT g, 0, repeat('x', 500) FROM generate_series(1, 2000) g",
                "CREATE PUBLICATION mine FOR TABLE t WITH (publish = 'insert, delete')");
        if (option.endsWith("disabled")) {
            cdc.config.put("publication.name", "mine");
        }
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            while (all.size() < 200) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
                source.commit();
            }
        }
        cdc.postgres.execute("DELETE FROM t WHERE id <= 100");
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            cdc.postgres.execute("VACUUM t"); // once nobody sees the deleted rows any more
            cdc.postgres.execute("UPDATE t SET hidden = 1 WHERE id = 1990");
            return cdc.postgres
                    .rows("SELECT (ctid::text::point)[0] < 6 FROM t WHERE id = 1990")
                    .equals(List.of("t"));
        });
        try (SourceHarness source = cdc.start()) {
            while (rowsOf(all).stream().noneMatch(each -> each.startsWith("r 2000 "))) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(rowsOf(all)).anyMatch(each -> each.startsWith("r 1990 "));
    }

    /** A change of one row must not stand for others that have the same in the columns that are left of their key. */
    @Test
    void tellsAllRowsWhereAColumnOfTheKeyIsLeftOut() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.readInSmallBatches();
        cdc.postgres.execute(
                "CREATE TABLE t (a int, b pg_lsn, v text, PRIMARY KEY (a, b))",
                "INSERT INTO t SELECT 1, '0/0'::pg_lsn + g, repeat('x', 200) FROM generate_series(1, 20000) g");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            all.addAll(source.poll(1, CdcFixture.PATIENCE));
            cdc.postgres.execute("UPDATE t SET v = 'y' WHERE b = '0/0'::pg_lsn + 1");
            cdc.postgres.execute("SELECT pg_logical_emit_message(false, 'behind', '')");
            while (of(all, "p.message").isEmpty() || isReading(all)) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(rowsOf(all)).hasSize(20_000);
    }

    private boolean isReading(List<SourceRecord> records) throws SQLException {
        cdc.postgres.execute("SELECT pg_logical_emit_message(false, 'behind', '')");
        return records.get(records.size() - 1).sourceOffset().containsKey("levada_asked");
    }

    /** Changes tell the key without it, before PostgreSQL 18. */
    @Test
    void tellsNoOldRowWhereAColumnOfTheKeyIsGenerated() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.readInSmallBatches();
        cdc.postgres.execute(
                "CREATE TABLE t (id int, twice int GENERATED ALWAYS AS (id * 2) STORED, v text, PRIMARY KEY (id, twice))",
                "INSERT INTO t (id, v) SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            all.addAll(source.poll(1, CdcFixture.PATIENCE));
            cdc.postgres.execute("UPDATE t SET v = 'y' WHERE id = 19999");
            cdc.postgres.execute("SELECT pg_logical_emit_message(false, 'behind', '')");
            while (of(all, "p.message").isEmpty() || isReading(all)) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(CdcFixture.told(all).stream().filter(each -> each.contains("->19999,")))
                .last()
                .asString()
                .startsWith("u ");
    }

    /** The server would not notice that nobody waits for the snapshot any more, until the other transaction ends. */
    @Test
    void leavesNoSlotBehindThatIsStillBeingMade() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (Connection open = cdc.postgres.begin()) {
            try (SourceHarness source = cdc.start()) {
                cdc.untilMark(source);
                Postgres.execute(open, "SELECT txid_current()");
                cdc.ask("execute-snapshot", ALL_OF_T);
                awaitTemporarySlots("1");
            }
            awaitTemporarySlots("0");
        }
    }

    /** Reading may take hours, for which the server would keep its log. */
    @Test
    void keepsNoSlotWhileRowsAreRead() throws Exception {
        cdc.readInSmallBatches();
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("execute-snapshot", ALL_OF_T);
            source.poll(1, CdcFixture.PATIENCE);
            awaitTemporarySlots("0"); // with most of the rows still to come, as nothing is polled meanwhile
            assertThat(rowsOf(cdc.untilMark(source))).hasSizeGreaterThan(15_000);
        }
    }

    private static final String HOLDING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            + " AND backend_type = 'client backend' AND state = 'idle in transaction'";

    /** What is asked last, on a connection that may well not come, must not leave the others open. */
    @Test
    void leavesNoTransactionBehindThatHoldsTheSnapshot() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "CREATE FUNCTION second() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF EXISTS" + " (" + HOLDING
                        + ") THEN RAISE 'no more connections'; END IF; END $$");
        cdc.config.put("database.initial.statements", "SELECT second()");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("execute-snapshot", ALL_OF_T);
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 1 ->1");
        }
        await().atMost(CdcFixture.PATIENCE)
                .until(() -> cdc.postgres.rows(HOLDING).isEmpty());
    }
}
