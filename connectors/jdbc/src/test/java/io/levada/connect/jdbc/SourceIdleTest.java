/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task that nobody polls keeps nothing open in the database, and goes on where it was. */
final class SourceIdleTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROWS = 900;

    private Postgres postgres;

    @BeforeEach
    void createTable() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE TABLE dunes (part int, id int, at timestamp NOT NULL, note text, PRIMARY KEY (part, id))",
                "INSERT INTO dunes SELECT n % 3, n, '2024-01-01', repeat('x', 1000) FROM generate_series(1, " + ROWS
                        + ") n");
    }

    private SourceHarness start(String mode, String... config) {
        Map<String, String> all = postgres.config(config);
        all.putAll(Map.of(
                "mode", mode,
                "topic.prefix", "",
                "poll.interval.ms", "3600000"));
        all.putIfAbsent("cursor.idle.close.ms", "50");
        if (mode.contains("timestamp")) {
            all.put("timestamp.column.name", "at");
        }
        if (mode.contains("incrementing")) {
            all.put("incrementing.column.name", "id");
        }
        return SourceHarness.start(new JdbcSourceConnector(), all, new MemoryOffsets());
    }

    private SourceHarness startOn(String mode, String table, String idleMs) {
        return start(
                mode,
                "table.whitelist",
                table,
                "cursor.idle.close.ms",
                idleMs,
                "batch.max.rows",
                "300",
                "validate.non.null",
                "false");
    }

    private void untilNoTransactionIsOpen() {
        untilOpenTransactionsAre(0);
    }

    private void untilOpenTransactionsAre(int most) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> postgres.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND application_name = 'levada-jdbc-source' AND state <> 'idle'")
                                .size()
                        <= most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bulk", "incrementing", "timestamp", "timestamp+incrementing"})
    void eachRowIsReadOnceThoughEveryBatchIsFollowedByAPause(String mode) throws Exception {
        List<Object> ids = new ArrayList<>();
        try (SourceHarness source = start(mode, "batch.max.rows", "300")) {
            while (ids.size() < ROWS) {
                source.poll(1, PATIENCE).forEach(each -> ids.add(((Struct) each.value()).get("id")));
                untilNoTransactionIsOpen();
            }
            assertThat(source.poll()).isEmpty();
        }
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
    }

    /** Rows of one moment without a key would come from the first again, and never to an end where each pause is too long. */
    @Test
    void readThatWouldRepeatRowsIsLeftOpenFarLonger() throws Exception {
        postgres.execute("CREATE TABLE stones AS SELECT id, at FROM dunes");
        List<Object> ids = new ArrayList<>();
        try (SourceHarness stones = startOn("timestamp", "stones", "500");
                SourceHarness dunes = startOn("incrementing", "dunes", "500")) {
            stones.poll(1, PATIENCE).forEach(each -> ids.add(((Struct) each.value()).get("id")));
            for (int pause = 0; pause < 2; pause++) {
                dunes.poll(1, PATIENCE);
                untilOpenTransactionsAre(1);
            }
            while (ids.size() < ROWS) {
                stones.poll(1, PATIENCE).forEach(each -> ids.add(((Struct) each.value()).get("id")));
            }
        }
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
    }

    @Test
    void readThatWouldRepeatRowsIsEndedInTheEnd() throws Exception {
        postgres.execute("CREATE TABLE stones AS SELECT id, at FROM dunes");
        try (SourceHarness stones = startOn("timestamp", "stones", "10")) {
            stones.poll(1, PATIENCE);
            untilNoTransactionIsOpen();

            assertThat(stones.poll(ROWS, PATIENCE)).hasSizeGreaterThanOrEqualTo(ROWS);
        }
    }

    @Test
    void batchEndsWhereItHasBytesEnough() throws Exception {
        try (SourceHarness source = start("incrementing", "batch.max.bytes", "10000")) {
            for (int i = 0; i < 5; i++) {
                assertThat(source.poll()).hasSizeBetween(5, 10);
            }
        }
    }
}
