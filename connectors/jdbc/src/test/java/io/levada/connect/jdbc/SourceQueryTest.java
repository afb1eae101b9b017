/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a query may be, beside a plain SELECT. */
final class SourceQueryTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Postgres postgres;

    @BeforeEach
    void createTables() throws SQLException {
        postgres = Postgres.newDatabase();
        createTables(postgres);
    }

    private static void createTables(Postgres postgres) throws SQLException {
        postgres.execute(
                "CREATE TABLE dunes (id int PRIMARY KEY, at timestamptz NOT NULL, j jsonb)",
                "CREATE TABLE grasses (dune int, name text)",
                "INSERT INTO dunes VALUES (1, '2024-01-01', '{\"k\": 1}'), (2, '2024-01-02', '{}'),"
                        + " (3, '2024-01-03', '{\"k\": 2}')",
                "INSERT INTO grasses VALUES (1, 'a'), (1, 'b'), (1, 'c'), (2, 'd'), (3, 'e')");
    }

    private static SourceHarness start(Postgres postgres, String query, String mode, String... config) {
        Map<String, String> all = postgres.config(config);
        all.putAll(Map.of("mode", mode, "topic.prefix", "q", "poll.interval.ms", "20"));
        if (!query.isEmpty()) {
            all.put("query", query);
        }
        if (mode.contains("incrementing")) {
            all.put("incrementing.column.name", "id");
        }
        if (mode.contains("timestamp")) {
            all.put("timestamp.column.name", "at");
        }
        return SourceHarness.start(new JdbcSourceConnector(), all, new MemoryOffsets());
    }

    private static List<Object> ids(List<SourceRecord> records) {
        return records.stream().map(each -> ((Struct) each.value()).get("id")).toList();
    }

    /** Old versions refuse an empty name of a table where new ones find no table. */
    @Test
    void queryIsFollowedOnTheOldestVersion() throws Exception {
        try (PostgresServer server = PostgresServer.ofVersion("14")) {
            Postgres old = server.newDatabase();
            createTables(old);
            for (String mode : List.of("incrementing", "timestamp", "timestamp+incrementing")) {
                for (String bounds : List.of("writers", "all")) {
                    try (SourceHarness source = start(old, "SELECT id, at FROM dunes", mode, "exact.bounds", bounds)) {
                        assertThat(ids(source.poll(3, PATIENCE))).containsExactly(1, 2, 3);
                    }
                }
            }
        }
    }

    @Test
    void readThatFailsInPassingIsGivenUpInTheEnd() throws Exception {
        postgres.execute("CREATE FUNCTION busy() RETURNS int LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = 'serialization_failure'; END $$");
        try (SourceHarness source = start(
                postgres, "SELECT busy() AS id", "bulk", "query.retry.attempts", "2", "connection.backoff.ms", "1")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(source::poll)
                        .isInstanceOf(RetriableException.class)
                        .hasMessageContaining("will try again");
            }
            assertThatThrownBy(source::poll)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("gave up after 2 further attempts");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "j ? 'k' ; 1,3",
                "j ?? 'k' ; 1,3",
                "j ?| array['k', '?'] -- who? not that ; 1,3",
                "NOT j ?& array['k'] /* or $? */ ; 2",
                "j ? 'k' AND '?' <> $$?'$$ AND E'\\'?' <> '' ; 1,3",
            })
    void questionMarkMayBeAnOperator(String condition, String expected) throws Exception {
        for (String mode : List.of("bulk", "incrementing")) {
            try (SourceHarness source = start(postgres, "SELECT id FROM dunes WHERE " + condition, mode)) {
                List<Object> ids = ids(source.poll(expected.split(",").length, PATIENCE));

                assertThat(ids).map(String::valueOf).containsExactly(expected.split(","));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "incrementing           | id > {{after.incrementing}} AND id <= {{upto.incrementing}}",
                "timestamp              | at > {{after.timestamp}} AND at < {{ before.timestamp }}",
                "timestamp+incrementing | at >= {{after.timestamp}} AND at < {{before.timestamp}} AND '{{no}}' <> ''",
            })
    void boundsStandWhereTheQueryWantsThem(String mode, String condition) throws Exception {
        String query = "SELECT d.*, count(*) OVER () AS seen FROM dunes d WHERE " + condition;
        try (SourceHarness source = start(postgres, query, mode)) {
            assertThat(ids(source.poll(3, PATIENCE))).containsExactly(1, 2, 3);
            postgres.execute("INSERT INTO dunes VALUES (4, '2024-01-04', '{}')");

            Struct row = (Struct) source.poll(1, PATIENCE).get(0).value();

            assertThat(row.get("id")).isEqualTo(4);
            long seen = mode.equals("timestamp+incrementing") ? 2 : 1;
            assertThat(row.get("seen"))
                    .as("rows that the query itself still looked at")
                    .isEqualTo(seen);
        }
    }

    @Test
    void maskedQueryIsReadAsAnother() throws Exception {
        try (SourceHarness source = start(postgres, "", "incrementing", "query.masked", "SELECT id FROM dunes; ")) {
            assertThat(ids(source.poll(3, PATIENCE))).containsExactly(1, 2, 3);
        }
    }

    /** A join gives the same number several times: none of them is skipped where a batch ends between them. */
    @Test
    void rowsOfOneNumberAreNotSkippedByARestartBetweenThem() throws Exception {
        String query = "SELECT d.id, g.name FROM dunes d JOIN grasses g ON g.dune = d.id";
        try (SourceHarness source = start(postgres, query, "incrementing", "batch.max.rows", "2")) {
            assertThat(ids(source.poll(1, PATIENCE))).containsExactly(1, 1);
            source.commit();
            source.restart();

            assertThat(ids(source.poll(5, PATIENCE))).containsExactly(1, 1, 1, 2, 3);
        }
    }

    @Test
    void keyIsMadeOfNamedColumns() throws Exception {
        try (SourceHarness source = start(
                postgres,
                "SELECT id, j FROM dunes",
                "bulk",
                "record.key",
                "columns",
                "record.key.columns",
                "id",
                "column.mask.list",
                "j")) {
            SourceRecord record = source.poll(3, PATIENCE).get(0);

            assertThat(record.key()).hasToString("Struct{id=1}");
            assertThat(record.value()).hasToString("Struct{id=1,j=****}");
        }
    }
}
