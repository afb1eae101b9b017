/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that a real PostgreSQL sends while they are in progress, against the same ones sent at their commits. */
final class CdcInProgressTest {

    /** Sends each change at once. */
    private static final String EACH = "debug_logical_replication_streaming = immediate";

    private static final int EACH_SINCE = 16;

    /** As with the default, but a thousandth of it. */
    private static final String SMALL = "logical_decoding_work_mem = '64kB'";

    @TempDir
    private Path folder;

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws Exception {
        cdc = new CdcFixture();
        cdc.config.put("transactions.in.progress.directory", folder.toString());
        cdc.postgres.execute(
                "CREATE TYPE mood AS ENUM ('fine')",
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE full_t (id int PRIMARY KEY, v text, m mood)",
                "ALTER TABLE full_t REPLICA IDENTITY FULL",
                "CREATE TABLE big (id int PRIMARY KEY, v text, n int)",
                "ALTER TABLE big ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO big SELECT g, repeat('toast', 1000), 0 FROM generate_series(1, 20) g");
    }

    private void server(String setting) throws Exception {
        assumeTrue(
                !setting.equals(EACH) || cdc.postgres.majorVersion() >= EACH_SINCE, "the server has no such setting");
        cdc.postgres.execute("ALTER DATABASE " + cdc.postgres.name() + " SET " + setting);
    }

    /** The other follows the same database by protocol 1. */
    private SourceHarness startOther() {
        Map<String, String> config = new HashMap<>(cdc.config);
        config.remove("transactions.in.progress.directory");
        config.put("slot.name", cdc.config.get("slot.name") + "_other");
        return SourceHarness.start(new PostgresCdcSourceConnector(), config, new MemoryOffsets());
    }

    /** From then on all changes are told. */
    private void readRows(SourceHarness source) throws Exception {
        source.poll(20, CdcFixture.PATIENCE);
        cdc.untilMark(source);
        source.commit();
    }

    @ParameterizedTest
    @ValueSource(strings = {EACH, SMALL})
    void tellsTheSameAsAtTheCommits(String setting) throws Exception {
        server(setting);
        cdc.config.put("provide.transaction.metadata", "true");
        cdc.config.put("skipped.operations", "none");
        try (SourceHarness source = cdc.start();
                SourceHarness other = startOther()) {
            readRows(source);
            readRows(other);
            cdc.postgres.execute("INSERT INTO t VALUES (0, 'the beginning')");
            work();
            cdc.postgres.execute("INSERT INTO t VALUES (-1, 'the end')");
            List<String> atCommits = described(other);
            List<String> inProgress = described(source);
            for (int i = 0; i < Math.min(atCommits.size(), inProgress.size()); i++) {
                assertThat(inProgress.get(i)).as("record %d", i).isEqualTo(atCommits.get(i));
            }
            assertThat(inProgress).hasSameSizeAs(atCommits);
            assertThat(atCommits).as("enough was told").hasSizeGreaterThan(3_000);
            assertThat(streamed("")).as("the server sent some in progress").isPositive();
            assertThat(streamed("_other")).isZero();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static List<String> described(SourceHarness source) throws Exception {
        List<String> described = new ArrayList<>();
        boolean ending = false;
        while (true) {
            for (SourceRecord record : source.poll(1, CdcFixture.PATIENCE)) {
                String each = described(record).replace("_other", ""); // the slot's name, in the offset
                if (!described.isEmpty() || each.contains("the beginning")) {
                    described.add(each);
                }
                ending |= each.contains("the end");
                if (ending && each.contains("status=END")) {
                    return described;
                }
            }
        }
    }

    private long streamed(String suffix) throws Exception {
        String slot = cdc.config.get("slot.name") + suffix;
        await().atMost(CdcFixture.PATIENCE)
                .until(() -> !cdc.postgres
                        .rows("SELECT 1 FROM pg_stat_replication_slots WHERE total_txns > 0 AND slot_name = '" + slot
                                + "'")
                        .isEmpty());
        return Long.parseLong(cdc.postgres
                .rows("SELECT stream_txns FROM pg_stat_replication_slots WHERE slot_name = '" + slot + "'")
                .get(0));
    }

    /** All of a record but when it was made. */
    private static String described(SourceRecord record) {
        return record.topic() + " " + record.sourceOffset() + " " + record.keySchema() + " " + record.key() + " "
                + record.headers() + " " + (record.value() instanceof Struct value ? described(value) : record.value());
    }

    private static String described(Struct value) {
        StringBuilder text = new StringBuilder();
        for (Field field : value.schema().fields()) {
            if (!field.name().startsWith("ts_")) {
                text.append(' ').append(field.name()).append('=').append(value.get(field));
            }
        }
        return text.toString();
    }

    private void work() throws Exception {
        try (Connection one = cdc.postgres.begin();
                Connection two = cdc.postgres.begin();
                Connection lost = cdc.postgres.begin();
                Connection prepared = cdc.postgres.begin()) {
            Postgres.execute(
                    one,
                    insert("t", 1000, 1500),
                    "SAVEPOINT a",
                    insert("full_t", 1000, 1500),
                    "SAVEPOINT b",
                    "DELETE FROM t WHERE id % 3 = 0",
                    "ROLLBACK TO b",
                    "UPDATE full_t SET id = id + 100000, m = 'fine' WHERE id % 5 = 0",
                    "RELEASE a");
            Postgres.execute(
                    two,
                    "SELECT pg_logical_emit_message(true, 'outbox', 'first')",
                    insert("t", 2000, 2600),
                    "SAVEPOINT a",
                    "UPDATE t SET v = repeat('y', 300) WHERE id BETWEEN 2000 AND 2600",
                    "ROLLBACK TO a");
            Postgres.execute(lost, insert("t", 3000, 3500), insert("full_t", 3000, 3500));
            Postgres.execute(prepared, insert("t", 4000, 4500), "PREPARE TRANSACTION '" + cdc.postgres.name() + "'");
            cdc.postgres.execute("INSERT INTO t VALUES (1, 'small')");
            cdc.postgres.execute("SELECT pg_logical_emit_message(false, 'outbox', 'of no transaction')");
            Postgres.execute(
                    two,
                    "UPDATE big SET n = n + 1 WHERE id <= 10",
                    "UPDATE big SET v = repeat('z', 4000) WHERE id = 11");
            two.commit();
            lost.rollback();
            Postgres.execute(
                    one,
                    "SAVEPOINT c",
                    "ALTER TABLE full_t ADD COLUMN undone int DEFAULT 1",
                    insert("full_t", 5000, 5300),
                    "ROLLBACK TO c",
                    insert("full_t", 6000, 6300));
            one.commit();
            cdc.postgres.execute("INSERT INTO full_t VALUES (2, 'behind', 'fine')");
            cdc.postgres.execute("COMMIT PREPARED '" + cdc.postgres.name() + "'");
        }
        try (Connection undone = cdc.postgres.begin();
                Connection last = cdc.postgres.begin()) {
            Postgres.execute(
                    undone, insert("t", 8000, 8300), "PREPARE TRANSACTION 'undone_" + cdc.postgres.name() + "'");
            Postgres.execute(
                    last,
                    insert("full_t", 7000, 7300),
                    "ALTER TABLE full_t ADD COLUMN added int DEFAULT 7",
                    insert("full_t", 9000, 9300),
                    "UPDATE full_t SET added = 8 WHERE id BETWEEN 6000 AND 6100",
                    "DELETE FROM full_t WHERE id % 7 = 0",
                    "TRUNCATE big",
                    insert("big", 1, 50));
            cdc.postgres.execute("ROLLBACK PREPARED 'undone_" + cdc.postgres.name() + "'");
            last.commit();
        }
    }

    private static String insert(String table, int from, int to) {
        return "INSERT INTO " + table + " (id, v) SELECT g, repeat('x', 200) FROM generate_series(" + from + ", " + to
                + ") g";
    }

    /** A transaction is in progress in the midst of each restart. */
    @ParameterizedTest
    @ValueSource(strings = {EACH, SMALL})
    void tellsEachChangeOnceOverRestarts(String setting) throws Exception {
        server(setting);
        cdc.config.put("max.batch.size", "50");
        List<SourceRecord> all = new ArrayList<>();
        try (SourceHarness source = cdc.start();
                Connection large = cdc.postgres.begin()) {
            readRows(source);
            for (int round = 1; round <= 3; round++) {
                Postgres.execute(large, insert("t", round * 1000, round * 1000 + 400));
                cdc.postgres.execute("INSERT INTO full_t VALUES (" + round + ", 'meanwhile')");
                all.addAll(cdc.untilMark(source));
                source.commit();
                source.restart();
            }
            large.commit();
            for (int polls = 0; polls < 4; polls++) {
                all.addAll(source.poll(1, CdcFixture.PATIENCE));
            }
            source.commit();
            source.restart(); // while it is told
            all.addAll(cdc.untilMark(source));
        }
        assertThat(CdcFixture.replayed(all, "t")).hasSize(3 * 401).isEqualTo(cdc.rows("t"));
        assertThat(all.stream().filter(each -> each.topic().equals("p.public.t")))
                .as("none twice")
                .hasSize(3 * 401);
    }

    /** What is confirmed lies behind the beginning of the transaction that is in progress. */
    @Test
    void letsTheServerForgetWhileATransactionIsInProgress() throws Exception {
        server(EACH);
        try (SourceHarness source = cdc.start();
                Connection large = cdc.postgres.begin()) {
            readRows(source);
            Postgres.execute(large, insert("t", 1, 100));
            cdc.postgres.execute("INSERT INTO full_t VALUES (1, 'meanwhile')");
            String end = cdc.postgres.rows("SELECT pg_current_wal_lsn()").get(0);
            // What is stored ends with a change, and the server's log may have gone on by itself before.
            cdc.postgres.execute("INSERT INTO full_t VALUES (2, 'later')");
            String confirmed = "SELECT confirmed_flush_lsn >= '" + end
                    + "' FROM pg_replication_slots WHERE slot_name = '" + cdc.config.get("slot.name") + "'";
            await().atMost(CdcFixture.PATIENCE).until(() -> {
                source.poll();
                source.commit();
                return cdc.postgres.rows(confirmed).equals(List.of("t"));
            });
            source.restart();
            Postgres.execute(large, insert("t", 101, 200));
            large.commit();
            assertThat(CdcFixture.replayed(cdc.untilMark(source), "t"))
                    .hasSize(200)
                    .isEqualTo(cdc.rows("t"));
        }
    }

    @Test
    void goesOnOnceThereIsAFolderAgain() throws Exception {
        server(SMALL);
        Path gone = Files.createDirectory(folder.resolve("gone"));
        cdc.config.put("transactions.in.progress.directory", gone.toString());
        try (SourceHarness source = cdc.start()) {
            readRows(source);
            Files.delete(gone);
            // More than is kept in memory.
            cdc.postgres.execute("INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 8000) g");
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining(gone.toString())
                    .hasMessageContaining("make room there");
            Files.createDirectory(gone);
            assertThat(CdcFixture.replayed(cdc.untilMark(source), "t")).hasSize(8000);
        }
    }

    /** PostgreSQL's own subscriptions fail for ever here, with {@code could not map filenumber … to relation OID}. */
    @Test
    void takesAtItsCommitWhatTheServerCannotTellInProgress() throws Exception {
        server(SMALL);
        try (SourceHarness source = cdc.start();
                Connection large = cdc.postgres.begin()) {
            readRows(source);
            Postgres.execute(
                    large,
                    insert("t", 1, 500),
                    "SAVEPOINT a",
                    "ALTER TABLE t ADD COLUMN undone int DEFAULT 1",
                    insert("t", 1000, 1300),
                    "ROLLBACK TO a",
                    insert("t", 2000, 2300),
                    "ALTER TABLE t ADD COLUMN added int DEFAULT 7",
                    insert("t", 3000, 3300));
            large.commit();
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("without transactions in progress");
            List<String> ids = new ArrayList<>();
            while (ids.size() < 500 + 2 * 301) {
                source.poll(1, CdcFixture.PATIENCE).forEach(each -> ids.add(String.valueOf(each.key())));
            }
            assertThat(ids).doesNotHaveDuplicates().hasSize(500 + 2 * 301);
        }
    }

    /** A transaction several times as large as the heap of the process that captures it, which is then killed in the next one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void needsLittleMemoryAndLeavesNothingBehind() throws Exception {
        try (Connection large = cdc.postgres.begin()) {
            Process process = SmallHeap.start(cdc.config);
            try (BufferedReader lines = process.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("following");
                cdc.postgres.execute("INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 250000) g");
                assertThat(lines.readLine()).isEqualTo("250000 changes");
                Postgres.execute(
                        large, "INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(250001, 350000) g");
                await().atMost(CdcFixture.PATIENCE).until(() -> hasFileOpen(process.pid()));
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    private boolean hasFileOpen(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : open.toList()) {
                if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).startsWith(folder.toRealPath())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void refusesToStartWithoutTheFolder() throws Exception {
        cdc.config.put(
                "transactions.in.progress.directory", folder.resolve("none").toString());
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(100, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining(folder.resolve("none").toString())
                    .hasMessageContaining("transactions.in.progress.directory");
        }
    }

    @Test
    void endsTransactionsOfKafkaWhereTheDatabasesEnd() throws Exception {
        server(EACH);
        cdc.config.put("max.batch.size", "10");
        try (SourceHarness source = cdc.start();
                Connection large = cdc.postgres.begin()) {
            readRows(source);
            int before = source.transactions().requests().size();
            Postgres.execute(large, insert("t", 1, 95));
            large.commit();
            source.poll(90, CdcFixture.PATIENCE);
            assertThat(source.transactions().requests()).as("in its midst").hasSize(before);
            source.poll(5, CdcFixture.PATIENCE);
            await().atMost(CdcFixture.PATIENCE).until(() -> {
                source.poll();
                return source.transactions().requests().size() > before;
            });
        }
    }
}
