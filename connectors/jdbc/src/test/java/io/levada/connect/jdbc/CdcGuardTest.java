/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gap between what is stored and what the slot still has is refused; what is none is not. */
final class CdcGuardTest {

    private static final Map<String, String> PARTITION = Map.of("server", "p");

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        prepare();
    }

    private void prepare() throws SQLException {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE other (id int)",
                "INSERT INTO t VALUES (1, 'a')");
        cdc.config.put("table.include.list", "public\\.t");
    }

    private String slot() {
        return String.valueOf(cdc.config.get("slot.name"));
    }

    private void readAndStoreTheFirstRow() throws Exception {
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
    }

    private void assertRefused(String... words) throws Exception {
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContainingAll(words)
                    .hasMessageContaining("DELETE /connectors/")
                    .hasMessageContaining("snapshot.mode=when_needed");
        }
    }

    @Test
    void hasHeartbeatsByItselfUnlessTransformsMayNotExpectThem() {
        assertThat(heartbeat(false)).isEqualTo(Duration.ofMinutes(5));
        assertThat(heartbeat(true)).isZero();
        cdc.config.put("heartbeat.interval.ms", "700");
        assertThat(heartbeat(true)).hasMillis(700);
    }

    private Duration heartbeat(boolean transforms) {
        return PostgresCdcSourceConfig.SPEC.bind(cdc.config).flow().heartbeat(transforms);
    }

    @Test
    void refusesASlotThatSomebodyElseMovedForward() throws Exception {
        readAndStoreTheFirstRow();
        cdc.postgres.execute(
                "SET synchronous_commit = on",
                "INSERT INTO t VALUES (2, 'lost')",
                "SELECT pg_replication_slot_advance('" + slot() + "', pg_current_wal_lsn())");
        assertRefused(slot(), "made it again or moved it");
    }

    @Test
    void refusesTheOffsetOfAnotherServer() throws Exception {
        readAndStoreTheFirstRow();
        change("levada_system", "6000000000000000001");
        assertRefused("one of server 6000000000000000001, and this is server");
    }

    @Test
    void refusesTheOffsetOfAHistoryThatTheServerDoesNotHave() throws Exception {
        readAndStoreTheFirstRow();
        change("levada_timeline", 7L);
        assertRefused("one of timeline 7, which is not in the past of the server's timeline 1");
    }

    @Test
    void refusesAnotherSlotThatBeginsLater() throws Exception {
        readAndStoreTheFirstRow();
        cdc.postgres.execute("INSERT INTO t VALUES (2, 'lost')");
        cdc.config.put("slot.name", slot() + "_later");
        cdc.postgres.execute("SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput')");
        assertRefused("what was stored came from slot");
    }

    private Map<String, Object> stored() {
        return Objects.requireNonNull(cdc.offsets.offset(PARTITION), "something is stored");
    }

    private void change(String key, Object value) {
        Map<String, Object> offset = new HashMap<>(stored());
        offset.put(key, value);
        cdc.offsets.put(PARTITION, offset);
    }

    /** Heartbeats on and off, other tables busy, restarts anywhere, what was polled stored or not: none of this is a gap. */
    @ParameterizedTest
    @MethodSource("io.levada.connect.jdbc.Seeds#all")
    void takesNothingThatWeDoForAGap(long seed) throws Exception {
        Random random = new Random(seed);
        List<SourceRecord> all = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            cdc.config.put("heartbeat.interval.ms", random.nextBoolean() ? "0" : "30");
            cdc.config.put("status.update.interval.ms", "20");
            try (SourceHarness source = cdc.start()) {
                for (int step = random.nextInt(25); step > 0; step--) {
                    cdc.postgres.execute(
                            random.nextInt(8) == 0
                                    ? "INSERT INTO t VALUES (" + (round * 100 + step + 10) + ", 'x')"
                                    : "INSERT INTO other VALUES (1)");
                    all.addAll(source.poll());
                    if (random.nextInt(3) > 0) {
                        source.commit();
                    }
                }
            }
        }
        try (SourceHarness source = cdc.start()) {
            all.addAll(cdc.untilMarkOf(source, "t"));
        }
        assertThat(CdcFixture.replayed(all, "t")).as("seed %d", seed).isEqualTo(cdc.rows("t"));
    }

    /** The place that a heartbeat carries is where the next message begins. */
    @Test
    void losesNoMessageBehindAHeartbeat() throws Exception {
        cdc.config.put("heartbeat.interval.ms", "20");
        try (SourceHarness source = cdc.start()) {
            cdc.postgres.execute("SET synchronous_commit = on", "INSERT INTO other VALUES (1)");
            awaitStoredEnd(source);
        }
        cdc.postgres.execute("SELECT pg_logical_emit_message(false, 'm', '')");
        try (SourceHarness source = cdc.start()) {
            cdc.postgres.execute("SELECT pg_logical_emit_message(false, 'mark', '')");
            List<String> prefixes = new ArrayList<>();
            while (!prefixes.contains("mark")) {
                for (SourceRecord record : source.poll(1, CdcFixture.PATIENCE)) {
                    if (record.topic().equals("p.message")) {
                        prefixes.add(((Struct) record.key()).getString("prefix"));
                    }
                }
            }
            assertThat(prefixes).containsExactly("m", "mark");
        }
    }

    /** Until the stored place is the end of the server's log. */
    private void awaitStoredEnd(SourceHarness source) {
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            source.poll();
            source.commit();
            String end = cdc.postgres
                    .rows("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
                    .get(0);
            return cdc.offsets.offset(PARTITION) != null && end.equals(String.valueOf(stored().get("lsn_commit")));
        });
    }

    /** It read what was stored before the other, slow to end, went on. */
    @Test
    void goesOnFromWhatATaskStoredThatWasSlowToEnd(@TempDir Path folder) throws Exception {
        readAndStoreTheFirstRow();
        Path signals = folder.resolve("signals.txt");
        cdc.config.put("signal.enabled.channels", "file");
        cdc.config.put("signal.file", signals.toString());
        cdc.config.put("signal.poll.interval.ms", "1");
        cdc.config.put("heartbeat.interval.ms", "20");
        cdc.config.put("slot.max.retries", "1000000");
        SourceHarness slow = cdc.start();
        try {
            awaitConfirmed(slow);
            try (SourceHarness next = cdc.start()) {
                Files.writeString(signals, "{\"id\": \"1\", \"type\": \"log\"}");
                await().atMost(CdcFixture.PATIENCE).until(() -> {
                    slow.poll();
                    return Files.notExists(signals);
                });
                cdc.postgres.execute("INSERT INTO t VALUES (2, 'b')");
                awaitConfirmed(slow);
                assertThat(stored()).containsEntry("levada_signal_files", 1L);
                slow.close();
                cdc.postgres.execute("INSERT INTO t VALUES (3, 'c')");
                List<String> told = new ArrayList<>();
                while (!told.contains("c 3 ->3,c")) {
                    told.addAll(CdcFixture.told(next.poll(1, CdcFixture.PATIENCE)));
                }
                assertThat(told).as("it is stored").doesNotContain("c 2 ->2,b");
                next.commit();
                assertThat(stored()).as("its signal, too").containsEntry("levada_signal_files", 1L);
            }
        } finally {
            slow.close();
        }
    }

    /** Until all that is in the log by now is stored and confirmed. */
    private void awaitConfirmed(SourceHarness source) throws SQLException {
        // Also what is committed and not written yet: these servers do not wait for their disk.
        String end = cdc.postgres.rows("SELECT pg_current_wal_insert_lsn()").get(0);
        String confirmed = "SELECT active AND confirmed_flush_lsn >= '" + end
                + "' FROM pg_replication_slots WHERE slot_name = '" + slot() + "'";
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            source.poll();
            source.commit();
            return cdc.postgres.rows(confirmed).equals(List.of("t"));
        });
    }

    @Test
    void goesOnBehindAPromotionAndRefusesOneThatLostWhatWasTold(@TempDir Path folder) throws Exception {
        EmbeddedPostgres primary = server(folder);
        cdc = on(primary);
        prepare();
        readAndStoreTheFirstRow();
        primary.close();

        Files.createFile(folder.resolve("standby.signal"));
        EmbeddedPostgres promoted = server(folder);
        try {
            Map<String, Object> before = stored();
            cdc = on(promoted);
            cdc.config.put("table.include.list", "public\\.t");
            cdc.offsets.put(PARTITION, before);
            cdc.postgres.execute("SELECT pg_promote()", "INSERT INTO t VALUES (2, 'b')");
            try (SourceHarness source = cdc.start()) {
                assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 2 ->2,b");
                source.commit();
            }
            assertThat(stored()).containsEntry("levada_timeline", 2L);

            change("levada_timeline", 1L); // as if it had been told by the predecessor
            assertRefused("the server was promoted at", "bytes of the log of its predecessor");
        } finally {
            promoted.close();
        }
    }

    private static EmbeddedPostgres server(Path folder) throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("hot_standby", "on")
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .start();
    }

    private static CdcFixture on(EmbeddedPostgres server) {
        return new CdcFixture(Postgres.of(server.getPort(), "postgres"));
    }
}
