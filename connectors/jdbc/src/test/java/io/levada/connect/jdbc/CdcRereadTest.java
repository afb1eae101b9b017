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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are read again while changes go on, as signals ask. */
final class CdcRereadTest {

    private static final String ALL_OF_T = "{\"type\": \"incremental\", \"data-collections\": [\"public.t\"]}";

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        cdc.listen();
    }

    @Test
    void readsRowsAgainThatASignalAsksFor() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("execute-snapshot", ALL_OF_T);
            List<SourceRecord> told = cdc.untilMark(source);
            assertThat(CdcFixture.told(told)).containsExactly("r 1 ->1,a", "r 2 ->2,b");
            assertThat(told).allSatisfy(each -> assertThat(snapshot(each)).isEqualTo("incremental"));
        }
    }

    /** Where rows were never read, as after Debezium, it must be the signal alone that says which are. */
    @Test
    void readsAgainOverARestartInModeNoData() throws Exception {
        cdc.config.put("snapshot.mode", "no_data");
        cdc.config.put("max.batch.size", "100");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO other VALUES (1)",
                "INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 20000) g");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            while (all.size() < 5_000) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
                source.commit();
            }
            source.restart();
            while (all.stream()
                            .filter(each -> each.topic().equals("p.public.t"))
                            .count()
                    < 20_000) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
        }
        assertThat(CdcFixture.replayed(all, "t")).isEqualTo(cdc.rows("t"));
        assertThat(all).noneMatch(each -> each.topic().equals("p.public.other"));
    }

    /** Also with a restart in the midst: no row follows a newer change of it, and the topic comes to what the table is. */
    @ParameterizedTest
    @MethodSource("io.levada.connect.jdbc.Seeds#all")
    void tellsNoOldRowBehindANewerChange(long seed) throws Exception {
        cdc.config.put("max.batch.size", "200");
        cdc.config.put("max.queue.size", "400");
        cdc.config.put("snapshot.max.threads", "2");
        cdc.config.put("skipped.operations", "none");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int)",
                "CREATE SEQUENCE version START 1",
                "INSERT INTO t SELECT g, 0 FROM generate_series(1, 60000) g");
        List<SourceRecord> all = new ArrayList<>();
        Random random = new Random(seed);
        try (SourceHarness source = cdc.start()) {
            all.addAll(cdc.untilMark(source));
            source.commit();
            cdc.ask("execute-snapshot", ALL_OF_T);
            CompletableFuture<Void> work = CompletableFuture.runAsync(() -> work(seed));
            boolean restarted = false;
            int before = all.size();
            while (!work.isDone() || !restarted) {
                all.addAll(source.poll());
                source.commit();
                if (!restarted && all.size() > before + 5_000 + random.nextInt(20_000)) {
                    restarted = true;
                    source.restart();
                }
            }
            work.get();
            all.addAll(cdc.untilMark(source));
        }
        assertThat(CdcFixture.replayed(all, "t")).as("seed %d", seed).isEqualTo(cdc.rows("t"));
        assertThat(goneBack(all)).as("seed %d: went back", seed).isEmpty();
    }

    private void work(long seed) {
        Random random = new Random(seed);
        try (Connection connection = cdc.postgres.begin()) {
            for (int i = 0; i < 300; i++) {
                int id = 1 + random.nextInt(60_000);
                Postgres.execute(
                        connection,
                        switch (random.nextInt(4)) {
                            case 0 -> "DELETE FROM t WHERE id BETWEEN " + id + " AND " + (id + 20);
                            case 1 ->
                                "INSERT INTO t VALUES (" + id + ", nextval('version')) ON CONFLICT (id) DO NOTHING";
                            case 2 ->
                                "UPDATE t SET id = 100000 + nextval('version'), v = nextval('version') WHERE id = "
                                        + id;
                            default ->
                                "UPDATE t SET v = nextval('version') WHERE id BETWEEN " + id + " AND " + (id + 50);
                        });
                if (random.nextInt(3) > 0) {
                    connection.commit();
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows that are told with an older version than before, or after their deletion. */
    private static List<String> goneBack(List<SourceRecord> records) {
        Map<Object, Integer> versions = new HashMap<>();
        List<String> back = new ArrayList<>();
        int deleted = Integer.MAX_VALUE;
        for (SourceRecord record : records) {
            Struct value = (Struct) record.value();
            if (!record.topic().equals("p.public.t") || value == null) {
                continue;
            }
            Integer known = versions.get(record.key());
            String op = value.getString("op");
            int version = op.equals("d") ? deleted : value.getStruct("after").getInt32("v");
            if (op.equals("r") && known != null && version < known) {
                back.add(CdcFixture.told(record) + " behind version " + known);
            }
            versions.put(record.key(), version);
        }
        return back;
    }

    /** More changed rows than are kept in mind: what is left is read as it is then. */
    @Test
    void goesOnWithANewerSnapshotWhenTooManyRowsAreChanged() throws Exception {
        cdc.config.put("max.queue.size", "2048");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int)",
                "INSERT INTO t SELECT g, 0 FROM generate_series(1, 260000) g");
        cdc.config.put("snapshot.mode", "no_data");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            all.addAll(source.poll(1, CdcFixture.PATIENCE));
            cdc.postgres.execute("UPDATE t SET v = 1");
            boolean readAsItIsNow = false;
            while (!readAsItIsNow) {
                List<SourceRecord> polled = source.poll(1, CdcFixture.PATIENCE);
                all.addAll(polled);
                readAsItIsNow = CdcFixture.told(polled.get(polled.size() - 1)).matches("r \\d+ ->\\d+,1");
            }
        }
        assertThat(goneBack(all)).isEmpty();
    }

    /** A change of such a row does not tell a large value that it left alone, so its old state has to be told, and before. */
    @Test
    void tellsRowsWithLargeValuesBeforeTheirChanges() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int, large text)",
                "ALTER TABLE t ALTER large SET STORAGE EXTERNAL",
                "INSERT INTO t SELECT g, 0, repeat('x', 3000) FROM generate_series(1, 3000) g");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("execute-snapshot", ALL_OF_T);
            for (int i = 1; i <= 3000; i += 100) {
                cdc.postgres.execute("UPDATE t SET v = v + 1 WHERE id = " + i);
            }
            List<SourceRecord> told = cdc.untilMark(source);
            assertThat(told.stream().filter(each -> CdcFixture.told(each).startsWith("r ")))
                    .hasSize(3000);
            assertThat(goneBack(told)).isEmpty();
        }
    }

    @Test
    void readsOnlyRowsThatMeetACondition() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask(
                    "execute-snapshot",
                    "{\"type\": \"blocking\", \"data-collections\": [\"public\\\\..*\"], \"additional-conditions\":"
                            + " [{\"data-collection\": \"public.t\", \"filter\": \"v = 'b' -- or 'c'\"}]}");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 2 ->2,b");
        }
    }

    /** Only rows tell that it fails. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\": \"incremental\", \"additional-conditions\": [{\"data-collection\": \"public.t\", \"filter\": \"1 / id > 0\"}]",
                "\"type\": \"blocking\", \"additional-conditions\": [{\"data-collection\": \"public.t\", \"filter\": \"1 / id > 0\"}]",
                "\"additional-conditions\": [{\"data-collection\": \"public.t\", \"filter\": \"writes(id)\"}]"
            })
    void passesOverAConditionThatFailsOnARow(String data) throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE TABLE o (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (0)",
                "INSERT INTO o VALUES (1)",
                "CREATE FUNCTION writes(n int) RETURNS bool LANGUAGE plpgsql AS"
                        + " $$ BEGIN INSERT INTO t VALUES (n + 100); RETURN true; END $$");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("execute-snapshot", "{\"data-collections\": [\"public.t\", \"public.o\"], " + data + "}");
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsOnlyOnce("c 2 ->2", "r 1 ->1");
        }
        assertThat(cdc.postgres.rows("SELECT id FROM t ORDER BY id")).containsExactly("0", "2");
    }

    /** The server runs what does not change with the row as it plans: each restart would send the signal again. */
    @Test
    void passesOverAConditionThatDoesNotEnd() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "CREATE FUNCTION sleeps() RETURNS bool LANGUAGE plpgsql IMMUTABLE AS"
                        + " $$ BEGIN PERFORM pg_sleep(3600); RETURN true; END $$");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask(
                    "execute-snapshot",
                    "{\"data-collections\": [\"public.t\"], \"additional-conditions\":"
                            + " [{\"data-collection\": \"public.t\", \"filter\": \"sleeps()\"}]}");
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 2 ->2");
        }
    }

    /** One session beside those that speak the replication protocol, and one for the rows: what fails between them leaves none over. */
    @Test
    void readsWhereTheServerTakesTwoSessions() throws Exception {
        cdc.config.put("database.initial.statements", "SELECT room()");
        cdc.config.put("snapshot.max.threads", "1");
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "CREATE FUNCTION room() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF (SELECT count(*) > 2 FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND backend_type = 'client backend'"
                        + " AND application_name LIKE 'levada-cdc-%') THEN"
                        + " RAISE EXCEPTION 'no room' USING ERRCODE = 'too_many_connections'; END IF; END $$");
        try (SourceHarness source = cdc.start()) {
            awaitRead(source, "r 1 ->1");
            source.commit();
            cdc.awaitActiveSlot();
            cdc.ask("execute-snapshot", ALL_OF_T);
            awaitRead(source, "r 1 ->1");
        }
    }

    private static void awaitRead(SourceHarness source, String row) {
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            try {
                return CdcFixture.told(source.poll()).contains(row);
            } catch (RetriableException e) {
                return false; // a session that was closed may still be there
            }
        });
    }

    /** The rows have to wait for the lock, the changes of other tables have not. */
    @Test
    void tellsChangesWhileATableToBeReadIsLocked() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE o (id int)",
                "INSERT INTO t VALUES (1, 'a')");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
            try (Connection locking = cdc.postgres.begin()) {
                Postgres.execute(locking, "TRUNCATE t");
                cdc.ask("execute-snapshot", ALL_OF_T);
                cdc.postgres.execute("INSERT INTO o VALUES (7)");
                assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c ->7");
                locking.rollback();
            }
            awaitRead(source, "r 1 ->1,a");
        }
    }

    @Test
    void pausesStopsAndGoesOn() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        cdc.postgres.execute("CREATE TABLE o (id int PRIMARY KEY)", "INSERT INTO o VALUES (2)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("pause-snapshot", "{}");
            cdc.ask("execute-snapshot", "{\"data-collections\": [\"public.t\", \"public.o\"]}");
            cdc.postgres.execute("INSERT INTO t VALUES (3)");
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 3 ->3");
            cdc.ask("stop-snapshot", ALL_OF_T);
            cdc.ask("resume-snapshot", "");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 2 ->2");
        }
    }

    /** The last but one would end the statement that rows are read with and begin another; the last would read rows twice. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{}",
                "{\"data-collections\": \"public.t\"}",
                "{\"data-collections\": [\"(\"]}",
                "{\"data-collections\": [\"public.unknown\"]}",
                "{\"data-collections\": [\"public.t\"], \"type\": \"full\"}",
                "{\"data-collections\": [\"public.t\"], \"additional-conditions\": [{\"data-collection\": \"public.t\"}]}",
                "{\"data-collections\": [\"public.t\"], \"additional-conditions\":"
                        + " [{\"data-collection\": \"public.t\", \"filter\": \"true)) TO PROGRAM 'touch x' --\"}]}",
                "{\"data-collections\": [\"public.t\"], \"additional-conditions\":"
                        + " [{\"data-collection\": \"public.t\", \"filter\": \"true)) TO STDOUT; DELETE FROM t; COPY (SELECT ((1\"}]}",
                "{\"data-collections\": [\"public.t\"], \"additional-conditions\":"
                        + " [{\"data-collection\": \"public.t\", \"filter\": \"true) OR (true\"}]}"
            })
    void passesOverWhatMakesNoSense(String data) throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            cdc.ask("execute-snapshot", data);
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 2 ->2");
        }
        assertThat(cdc.postgres.rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
    }

    @Test
    void capturesATableThatIsMadeWhileItRuns() throws Exception {
        cdc.config.put("table.poll.interval.ms", "50");
        cdc.postgres.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        PostgresCdcSourceConnector connector = new PostgresCdcSourceConnector();
        try (SourceHarness source = SourceHarness.start(connector, cdc.config, cdc.offsets)) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
            List<Map<String, String>> before = connector.taskConfigs(1);
            cdc.postgres.execute("CREATE TABLE b (id int PRIMARY KEY)", "INSERT INTO b VALUES (2)");
            await().atMost(CdcFixture.PATIENCE).until(() -> source.requests().reconfigurations() > 0);
            assertThat(connector.taskConfigs(1))
                    .as("or the worker would leave the task as it is")
                    .isNotEqualTo(before);
            source.restart();
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("r 2 ->2");
            cdc.postgres.execute("INSERT INTO b VALUES (3)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 3 ->3");
        }
    }

    private static String snapshot(SourceRecord record) {
        return ((Struct) record.value()).getStruct("source").getString("snapshot");
    }
}
