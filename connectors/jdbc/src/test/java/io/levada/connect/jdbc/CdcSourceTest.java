/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows and changes of a real PostgreSQL, as they come out, also over restarts. */
final class CdcSourceTest {

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
    }

    @Test
    void tellsRowsThenChanges() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(2, CdcFixture.PATIENCE))).containsExactly("r 1 ->1,a", "r 2 ->2,b");

            cdc.postgres.execute(
                    "INSERT INTO t VALUES (3, 'c')",
                    "UPDATE t SET v = 'aa' WHERE id = 1",
                    "UPDATE t SET id = 20 WHERE id = 2",
                    "DELETE FROM t WHERE id = 3");
            assertThat(CdcFixture.told(cdc.untilMark(source)))
                    .containsExactly(
                            "c 3 ->3,c",
                            "u 1 ->1,aa",
                            "d 2 2,->",
                            "tombstone Struct{id=2}",
                            "c 20 ->20,b",
                            "d 3 3,->",
                            "tombstone Struct{id=3}");
        }
    }

    @Test
    void goesOnAfterARestartWithWhatIsNotStored() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
            cdc.postgres.execute("INSERT INTO t VALUES (2, 'b')");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 2 ->2,b");
            source.restart();
            assertThat(CdcFixture.told(cdc.untilMark(source)))
                    .as("polled, not stored: again, and the row of the snapshot is not")
                    .contains("c 2 ->2,b")
                    .doesNotContain("r 1 ->1,a");
        }
    }

    /** A server that has much to do takes longer than that to begin, which the driver would not wait for. */
    @Test
    void waitsForTheServerToBeginHoweverOftenItReports() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (Silence network = Silence.before(PostgresServer.shared().port())) {
            network.delay(20);
            cdc.config.put("database.port", String.valueOf(network.port()));
            cdc.config.put("status.update.interval.ms", "2");
            try (SourceHarness source = cdc.start()) {
                cdc.postgres.execute("INSERT INTO t VALUES (1)");
                assertThat(cdc.untilMark(source)).hasSize(1);
            }
        }
    }

    /** The log does not tell which columns are required, and the catalogue only of now. */
    @Test
    void tellsNullOfAColumnThatWasMadeRequiredSince() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (0, NULL)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
        }
        cdc.postgres.execute(
                "INSERT INTO t VALUES (1, NULL), (2, NULL)",
                "UPDATE t SET v = 5 WHERE id = 1",
                "DELETE FROM t WHERE id = 2",
                "DELETE FROM t WHERE id = 0",
                "ALTER TABLE t ALTER v SET NOT NULL",
                "INSERT INTO t VALUES (3, 7)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMark(source)))
                    .containsExactly(
                            "c 1 ->1,null",
                            "c 2 ->2,null",
                            "u 1 1,null->1,5",
                            "d 2 2,null->",
                            "tombstone Struct{id=2}",
                            "d 0 0,null->",
                            "tombstone Struct{id=0}",
                            "c 3 ->3,7");
        }
    }

    /** A small batch, so that a restart comes in the midst of transactions, and of changes that make several records. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void tellsEachChangeOnceWhereEachBatchIsStored(long seed) throws Exception {
        cdc.config.put("max.batch.size", "3");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "ALTER TABLE t REPLICA IDENTITY FULL");
        cdc.postgres.execute("INSERT INTO t SELECT g, 'snap' FROM generate_series(1, 20) g");
        List<SourceRecord> all = new ArrayList<>();
        Random random = new Random(seed);
        try (SourceHarness source = cdc.start()) {
            for (int round = 0; round < 8; round++) {
                work(random, round);
                for (int polls = random.nextInt(6); polls > 0; polls--) {
                    all.addAll(source.poll());
                    source.commit();
                }
                source.restart();
            }
            all.addAll(cdc.untilMark(source));
        }
        assertThat(CdcFixture.replayed(all, "t")).as("seed %d", seed).isEqualTo(cdc.rows("t"));
        assertThat(places(all)).as("seed %d: no change twice", seed).doesNotHaveDuplicates();
    }

    /** Some transactions, of which some are rolled back, some overlap. */
    private void work(Random random, int round) throws SQLException {
        try (Connection one = cdc.postgres.begin();
                Connection other = cdc.postgres.begin()) {
            Postgres.execute(one, "INSERT INTO t VALUES (" + (1000 + round) + ", 'one')");
            Postgres.execute(other, "UPDATE t SET v = v || 'x' WHERE id % 7 = " + random.nextInt(7));
            Postgres.execute(one, "UPDATE t SET id = id + 100000 WHERE id = " + (1000 + round));
            other.commit();
            Postgres.execute(one, "DELETE FROM t WHERE id % 11 = " + random.nextInt(11));
            if (random.nextBoolean()) {
                one.commit();
            } else {
                one.rollback();
            }
        }
        cdc.postgres.execute("INSERT INTO t SELECT " + (2000 + round * 100) + " + g, 'many' FROM generate_series(1, "
                + (1 + random.nextInt(9)) + ") g");
    }

    /** Where each record comes from, and which of the records made there it is. */
    private static List<String> places(List<SourceRecord> records) {
        List<String> places = new ArrayList<>();
        for (SourceRecord record : records) {
            Struct value = (Struct) record.value();
            if (value != null && value.schema().field("op") != null) {
                Struct from = value.getStruct("source");
                String op = value.getString("op");
                // A row that was changed after it was read may be read again, as it is then.
                places.add(op + " " + record.key()
                        + (op.equals("r")
                                ? " as " + value.getStruct("after")
                                : " at " + from.getInt64("lsn") + " of " + from.getInt64("txId")));
            }
        }
        return places;
    }

    @Test
    void goesOnAfterTheConnectionWasLost() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            cdc.postgres.terminateConnections();
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            List<String> told = new ArrayList<>();
            while (!told.contains("c 2 ->2")) {
                try {
                    told.addAll(CdcFixture.told(source.poll()));
                } catch (RetriableException e) {
                    assertThat(e).hasMessageContaining("trying again");
                }
            }
            assertThat(told).containsExactly("c 2 ->2");
        }
    }

    @Test
    void refusesToGoOnWhereChangesAreLost() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        cdc.postgres.execute("SELECT pg_drop_replication_slot('" + cdc.config.get("slot.name") + "')");
        cdc.postgres.execute("INSERT INTO t VALUES (2)");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(cdc.config.get("slot.name"))
                    .hasMessageContaining("are lost")
                    .hasMessageContaining("snapshot.mode=when_needed");
        }
        cdc.config.put("snapshot.mode", "when_needed");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(2, CdcFixture.PATIENCE))).containsExactly("r 1 ->1", "r 2 ->2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "50"})
    void letsTheServerForgetWhatIsStoredAndWhatIsNoneOfOurs(String heartbeat) throws Exception {
        cdc.config.put("heartbeat.interval.ms", heartbeat);
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int)");
        cdc.config.put("table.include.list", "public\\.t");
        try (SourceHarness source = cdc.start()) {
            cdc.postgres.execute("INSERT INTO t VALUES (1)");
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
            cdc.postgres.execute("INSERT INTO other SELECT generate_series(1, 1000)");
            String end = cdc.postgres.rows("SELECT pg_current_wal_lsn()").get(0);
            String confirmed = "SELECT confirmed_flush_lsn >= '" + end
                    + "' FROM pg_replication_slots WHERE slot_name = '" + cdc.config.get("slot.name") + "'";
            await().atMost(CdcFixture.PATIENCE).until(() -> {
                source.poll();
                source.commit();
                return cdc.postgres.rows(confirmed).equals(List.of("t"));
            });
        }
    }

    @Test
    void goesOnFromTheSlotInModeRecovery() throws Exception {
        cdc.config.put("snapshot.mode", "recovery");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 2 ->2");
            source.commit();
        }
        cdc.postgres.execute("SELECT pg_drop_replication_slot('" + cdc.config.get("slot.name") + "')");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(cdc.config.get("slot.name") + " is not there any more")
                    .hasMessageContaining("are lost")
                    .hasMessageContaining("snapshot.mode=when_needed");
        }
    }

    /** It is for a start: a connection that was lost is no reason to forget what was told. */
    @Test
    void tellsNoChangeAgainAfterALostConnectionInModeRecovery() throws Exception {
        cdc.config.put("snapshot.mode", "recovery");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 2 ->2");
            cdc.postgres.terminateConnections();
            cdc.postgres.execute("INSERT INTO t VALUES (3)");
            assertThat(CdcFixture.told(pollOverRetries(source, "c 3 ->3"))).containsExactly("c 3 ->3");
        }
    }

    private static List<SourceRecord> pollOverRetries(SourceHarness source, String last) throws Exception {
        List<SourceRecord> told = new ArrayList<>();
        while (!CdcFixture.told(told).contains(last)) {
            try {
                told.addAll(source.poll());
            } catch (RetriableException e) {
                assertThat(e).hasMessageContaining("trying again");
            }
        }
        return told;
    }

    /** Nothing was read yet. */
    @Test
    void readsAllRowsInModeAlwaysThoughTheFirstAttemptFails() throws Exception {
        cdc.config.put("snapshot.mode", "always");
        cdc.config.put("slot.max.retries", "0");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
        }
        Connection other = cdc.postgres.readingSlot("slot_" + cdc.postgres.name(), "pub_" + cdc.postgres.name());
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("in use");
            other.close();
            assertThat(CdcFixture.told(pollOverRetries(source, "r 1 ->1"))).containsExactly("r 1 ->1");
        } finally {
            other.close();
        }
    }

    @Test
    void hasStandbysKeepASlotThatWasMadeWithoutThat() throws Exception {
        assumeThat(cdc.postgres.majorVersion()).isGreaterThanOrEqualTo(17);
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
        }
        cdc.config.put("slot.failover", "true");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            assertThat(cdc.postgres.rows("SELECT failover FROM pg_replication_slots WHERE slot_name = '"
                            + cdc.config.get("slot.name") + "'"))
                    .containsExactly("t");
        }
    }

    /** Heartbeats come also while uncaptured tables keep the log busy. */
    @Test
    void beatsWhileNothingIsCaptured() throws Exception {
        cdc.config.put("heartbeat.interval.ms", "50");
        cdc.config.put("table.include.list", "public\\.t");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (SourceHarness source = cdc.start()) {
            List<SourceRecord> beats = new ArrayList<>();
            while (beats.size() < 2) {
                cdc.postgres.execute("SELECT txid_current()");
                beats.addAll(source.poll());
            }
            assertThat(beats).allSatisfy(beat -> {
                assertThat(beat.topic()).isEqualTo("__debezium-heartbeat.p");
                assertThat(beat.key()).hasToString("Struct{serverName=p}");
            });
        }
    }

    @Test
    void doesNotLetTheServerForgetWhatIsNotStored() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            String before =
                    cdc.postgres.rows("SELECT pg_current_wal_insert_lsn()").get(0);
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            source.poll(1, CdcFixture.PATIENCE);
            for (int i = 0; i < 20; i++) {
                source.poll(); // time for some reports to the server
            }
            assertThat(cdc.postgres.rows("SELECT confirmed_flush_lsn <= '" + before
                            + "' FROM pg_replication_slots WHERE slot_name = '" + cdc.config.get("slot.name") + "'"))
                    .containsExactly("t");
        }
    }

    @Test
    void goesOnWithASnapshotWhereItWasInterrupted() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE a (id int PRIMARY KEY, v text)",
                "INSERT INTO a SELECT g, 'a' FROM generate_series(1, 10) g",
                "CREATE TABLE big (id int PRIMARY KEY, v text)",
                "INSERT INTO big SELECT g, repeat('x', 500) FROM generate_series(1, 20000) g");
        cdc.config.put("max.batch.size", "500");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start()) {
            while (all.size() < 12_000) {
                all.addAll(source.poll());
                source.commit();
            }
            int before = all.size();
            cdc.postgres.execute("UPDATE big SET v = 'changed' WHERE id <= 100", "DELETE FROM big WHERE id = 20000");
            source.restart();
            all.addAll(cdc.untilMark(source));

            Map<String, String> rows = CdcFixture.replayed(all, "big");
            assertThat(rows).isEqualTo(cdc.rows("big"));
            long reads = all.stream()
                    .skip(before)
                    .filter(each -> CdcFixture.told(each).startsWith("r "))
                    .count();
            assertThat(reads)
                    .as("rows read after the restart")
                    .isLessThan(12_000)
                    .isPositive();
            assertThat(all.stream().filter(each -> each.topic().equals("p.public.a")))
                    .as("a was done")
                    .hasSize(10);
        }
    }

    /** Rows of a table that is captured later are of a later place than where the log is read on from: changes up to it come first. */
    @Test
    void tellsNoOldChangeBehindTheRowThatHasIt() throws Exception {
        cdc.postgres.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
            cdc.postgres.execute("CREATE TABLE b (id int PRIMARY KEY, v text)", "INSERT INTO a VALUES (2)");
        }
        cdc.postgres.execute(
                "ALTER PUBLICATION " + cdc.config.get("publication.name") + " ADD TABLE b",
                "INSERT INTO b VALUES (7, 'old')",
                "UPDATE b SET v = 'new'");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMark(source)))
                    .containsExactly("c 2 ->2", "c 7 ->7,old", "u 7 ->7,new", "r 7 ->7,new");
            source.commit();
            source.restart();
            cdc.postgres.execute("UPDATE b SET v = 'newer'");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("u 7 ->7,newer");
        }
    }

    @Test
    void readsTheRowsOfATableThatIsCapturedLater() throws Exception {
        cdc.postgres.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        cdc.postgres.execute("CREATE TABLE b (id int PRIMARY KEY)", "INSERT INTO b VALUES (7)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("r 7 ->7");
            cdc.postgres.execute("INSERT INTO b VALUES (8)", "INSERT INTO a VALUES (2)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 8 ->8", "c 2 ->2");
        }
    }

    /** In a backlog no moment is idle: each full batch of small transactions has to end Kafka's. */
    @Test
    void endsTransactionsInABacklogToo() throws Exception {
        cdc.config.put("max.batch.size", "5");
        cdc.config.put("max.queue.size", "5");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (0)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        for (int i = 1; i <= 40; i++) {
            cdc.postgres.execute("INSERT INTO t VALUES (" + i + ")");
        }
        try (SourceHarness source = cdc.start()) {
            source.poll(5, CdcFixture.PATIENCE);
            assertThat(source.transactions().requests())
                    .as("with the first batch")
                    .contains("commit");
        }
    }

    @Test
    void leavesThePublicationAloneWhereTheSlotIsInUse() throws Exception {
        cdc.config.put("slot.max.retries", "0");
        cdc.config.put("errors.max.retries", "0");
        cdc.postgres.execute(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY)",
                "INSERT INTO a VALUES (1)");
        String published = "SELECT tablename FROM pg_publication_tables WHERE pubname = '"
                + cdc.config.get("publication.name") + "' ORDER BY 1";
        try (SourceHarness first = cdc.start()) {
            first.poll(1, CdcFixture.PATIENCE);
            cdc.awaitActiveSlot();
            cdc.config.put("table.include.list", "public\\.a");
            try (SourceHarness second =
                    SourceHarness.start(new PostgresCdcSourceConnector(), cdc.config, new MemoryOffsets())) {
                assertThatThrownBy(() -> second.poll(1, CdcFixture.PATIENCE))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("is in use by another connection")
                        .hasMessageContaining("publication.name");
            }
            assertThat(cdc.postgres.rows(published)).containsExactly("a", "b");
        }
    }

    /** For it the server would keep its log as long as the connector runs. */
    @Test
    void leavesNoTemporarySlotBehindALaterReading() throws Exception {
        cdc.postgres.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        cdc.postgres.execute("CREATE TABLE b (id int PRIMARY KEY)", "INSERT INTO b VALUES (2)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMark(source))).contains("r 2 ->2");
            String temporary =
                    "SELECT count(*) FROM pg_replication_slots WHERE temporary AND database = current_database()";
            await().atMost(CdcFixture.PATIENCE)
                    .until(() -> cdc.postgres.rows(temporary).equals(List.of("0")));
        }
    }

    @Test
    void refusesAPlaceThatTheServerHasNotReached() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
        }
        cdc.offsets.put(Map.of("server", "p"), Map.of("lsn", 99_999_999_999L));
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("17/4876E7FF")
                    .hasMessageContaining("restored from a backup");
        }
    }
}
