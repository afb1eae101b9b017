/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each mode reads, under which offsets, and where it goes on. */
final class SourceModesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> ORDERS = Map.of("protocol", "1", "table", "public.orders");

    private Postgres postgres;
    private MemoryOffsets offsets;

    @BeforeEach
    void createOrders() throws SQLException {
        postgres = Postgres.newDatabase();
        offsets = new MemoryOffsets();
        postgres.execute(
                "CREATE TABLE orders (id serial PRIMARY KEY, item text,"
                        + " updated timestamp NOT NULL DEFAULT (now() at time zone 'utc'))",
                "INSERT INTO orders (item, updated) VALUES"
                        + " ('a', '2024-01-01 10:00:00.000001'), ('b', '2024-01-01 10:00:00.000002'),"
                        + " ('c', '2024-01-01 10:00:01.5')");
    }

    private SourceHarness start(String... config) {
        Map<String, String> all = postgres.config(config);
        all.putIfAbsent("table.whitelist", "orders");
        all.putIfAbsent("topic.prefix", "shop.");
        all.putIfAbsent("poll.interval.ms", "20");
        return SourceHarness.start(new JdbcSourceConnector(), all, offsets);
    }

    private static List<String> items(List<SourceRecord> records) {
        return records.stream()
                .map(record -> ((Struct) record.value()).getString("item"))
                .toList();
    }

    @Test
    void bulkReadsEverythingAtEachPoll() throws Exception {
        try (SourceHarness source = start("mode", "bulk")) {
            List<SourceRecord> records = source.poll(6, PATIENCE);

            assertThat(items(records)).containsExactly("a", "b", "c", "a", "b", "c");
            assertThat(records.get(0).topic()).isEqualTo("shop.orders");
            assertThat(records.get(0).valueSchema().name()).isEqualTo("orders");
            assertThat(records.get(0).sourceOffset()).isNull();
        }
    }

    @Test
    void incrementingReadsNewRowsOnlyAndGoesOnAfterARestart() throws Exception {
        try (SourceHarness source = start("mode", "incrementing", "incrementing.column.name", "id")) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("a", "b", "c");
            source.commit();
            assertThat(offsets.all()).containsExactly(Map.entry(ORDERS, Map.of("incrementing", 3L)));

            postgres.execute("INSERT INTO orders (item) VALUES ('d')");
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("d");
            postgres.execute("INSERT INTO orders (item) VALUES ('e')");
            source.restart();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("d", "e");
        }
    }

    @Test
    void autoIncrementColumnIsFoundByItself() throws Exception {
        try (SourceHarness source = start("mode", "incrementing")) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("a", "b", "c");
        }
    }

    @ParameterizedTest
    @CsvSource({"incrementing,off", "incrementing,all", "timestamp+incrementing,off", "timestamp+incrementing,all"})
    void rowsWithoutANumberAreNotReadNorAnyAgain(String mode, String bounds) throws Exception {
        postgres.execute(
                "CREATE TABLE loose (id int, item text, updated timestamp NOT NULL DEFAULT '2024-01-01')",
                "INSERT INTO loose VALUES (1, 'a'), (2, 'b'), (NULL, 'none')");
        Map<String, String> config = postgres.config(
                "mode", mode, "incrementing.column.name", "id", "validate.non.null", "false", "exact.bounds", bounds);
        config.putAll(Map.of("table.whitelist", "loose", "topic.prefix", "", "poll.interval.ms", "20"));
        if (mode.contains("timestamp")) {
            config.put("timestamp.column.name", "updated");
        }
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, offsets)) {
            assertThat(items(source.poll(2, PATIENCE))).containsExactly("a", "b");
            assertThat(source.poll()).isEmpty();
            source.commit();
            source.restart();
            postgres.execute("INSERT INTO loose VALUES (3, 'c')");

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("c");
        }
    }

    @Test
    void timestampReadsChangedRowsAgain() throws Exception {
        try (SourceHarness source = start("mode", "timestamp", "timestamp.column.name", "updated")) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("a", "b", "c");
            source.commit();
            long millis = Instant.parse("2024-01-01T10:00:01.500Z").toEpochMilli();
            assertThat(offsets.all())
                    .containsExactly(Map.entry(ORDERS, Map.of("timestamp", millis, "timestamp_nanos", 500_000_000L)));

            postgres.execute("UPDATE orders SET item = 'a2', updated = now() at time zone 'utc' WHERE id = 1");

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a2");
        }
    }

    @Test
    void microsecondsAreKeptInTheOffset() throws Exception {
        try (SourceHarness source =
                start("mode", "timestamp", "timestamp.column.name", "updated", "batch.max.rows", "1")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a");
            source.commit();
            source.restart();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("b", "c");
        }
    }

    @Test
    void timestampAndIncrementingTellRowsOfOneMomentApart() throws Exception {
        postgres.execute("UPDATE orders SET updated = '2024-01-01 10:00:00'");
        try (SourceHarness source = start(
                "mode",
                "timestamp+incrementing",
                "timestamp.column.name",
                "updated",
                "incrementing.column.name",
                "id",
                "batch.max.rows",
                "1")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a");
            source.commit();
            source.restart();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("b", "c");
        }
    }

    @Test
    void rowsOfOneMomentAreNotSkippedByARestartBetweenThem() throws Exception {
        postgres.execute(
                "UPDATE orders SET updated = '2024-01-01 10:00:00'",
                "INSERT INTO orders (item, updated) VALUES ('old', '2023-01-01')");
        try (SourceHarness source =
                start("mode", "timestamp", "timestamp.column.name", "updated", "batch.max.rows", "2")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("old");
            source.commit();
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            source.commit();
            source.restart();

            assertThat(items(source.poll(3, PATIENCE))).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void transactionDoesNotEndBetweenRowsOfOneMoment() throws Exception {
        postgres.execute("UPDATE orders SET updated = '2024-01-01 10:00:00'");
        try (SourceHarness source = start(
                "mode",
                "timestamp",
                "timestamp.column.name",
                "updated",
                "batch.max.rows",
                "1",
                "transaction.boundary",
                "connector")) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            assertThat(source.transactions().requests()).isEmpty();

            SourceRecord last = source.poll(1, PATIENCE).get(0);

            assertThat(source.transactions().requests()).containsExactly("commit at " + last.sourceOffset());
        }
    }

    @Test
    void batchEndsBetweenTwoMomentsWhereItCan() throws Exception {
        postgres.execute(
                "TRUNCATE orders",
                "INSERT INTO orders (item, updated) SELECT 'i' || n, timestamp '2024-01-01' + n / 4 * interval '1 s'"
                        + " FROM generate_series(0, 11) n");
        try (SourceHarness source =
                start("mode", "timestamp", "timestamp.column.name", "updated", "batch.max.rows", "6")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("i0", "i1", "i2", "i3");
            source.commit();
            source.restart();

            assertThat(items(source.poll(8, PATIENCE)))
                    .hasSize(8)
                    .startsWith("i4")
                    .endsWith("i11");
        }
    }

    @Test
    void firstTimestampThatIsNotNullCounts() throws Exception {
        postgres.execute(
                "ALTER TABLE orders ADD COLUMN modified timestamp",
                "UPDATE orders SET modified = '2024-02-01' WHERE id = 1");
        try (SourceHarness source = start("mode", "timestamp", "timestamp.column.name", "modified,updated")) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("b", "c", "a");
        }
    }

    @Test
    void incrementingInitialLeavesLowerRowsOut() throws Exception {
        try (SourceHarness source = start("mode", "incrementing", "incrementing.initial", "2")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("c");
            source.commit();
            postgres.execute("INSERT INTO orders (id, item) VALUES (-5, 'lower'), (99, 'd')");
            source.restart();
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("d");
        }
    }

    @Test
    void timestampInitialLeavesOlderRowsOut() throws Exception {
        String initial = String.valueOf(Instant.parse("2024-01-01T10:00:01Z").toEpochMilli());
        try (SourceHarness source =
                start("mode", "timestamp", "timestamp.column.name", "updated", "timestamp.initial", initial)) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("c");
        }
    }

    @Test
    void rowsYoungerThanTheDelayWait() throws Exception {
        postgres.execute("INSERT INTO orders (item) VALUES ('young')");
        try (SourceHarness source = start(
                "mode", "timestamp", "timestamp.column.name", "updated", "timestamp.delay.interval.ms", "600000")) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("a", "b", "c");
            assertThat(source.poll()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"UTC,2024-07-01T00:30:00Z", "Europe/Lisbon,2024-06-30T23:30:00Z"})
    void timestampsWithoutAZoneAreReadInTheDatabasesZone(String zone, Instant expected) throws Exception {
        postgres.execute("TRUNCATE orders", "INSERT INTO orders (item, updated) VALUES ('x', '2024-07-01 00:30:00')");
        try (SourceHarness source =
                start("mode", "timestamp", "timestamp.column.name", "updated", "db.timezone", zone)) {
            Struct value = (Struct) source.poll(1, PATIENCE).get(0).value();

            assertThat(((java.util.Date) value.get("updated")).toInstant()).isEqualTo(expected);
        }
    }

    @Test
    void queryIsReadAsASubSelectWithAWhereOfItsOwn() throws Exception {
        try (SourceHarness source = start(
                "table.whitelist",
                "",
                "query",
                "SELECT id, item FROM orders WHERE item <> 'b' -- not b",
                "mode",
                "incrementing",
                "incrementing.column.name",
                "id",
                "topic.prefix",
                "chosen")) {
            List<SourceRecord> records = source.poll(2, PATIENCE);
            assertThat(items(records)).containsExactly("a", "c");
            assertThat(records.get(0).topic()).isEqualTo("chosen");
            source.commit();
            assertThat(offsets.all()).containsExactly(Map.entry(Map.of("query", "query"), Map.of("incrementing", 3L)));

            postgres.execute("INSERT INTO orders (item) VALUES ('d')");
            source.restart();

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("d");
        }
    }

    @Test
    void suffixEndsEveryQuery() throws Exception {
        try (SourceHarness source = start("mode", "incrementing", "query.suffix", "LIMIT 2")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a", "b");
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("c");
        }
    }

    /** Its formats: with the schema, with the database, too, as newer drivers name it, and the old one. */
    @ParameterizedTest
    @CsvSource({"public.orders,1,public.orders", "DB.public.orders,1,DB.public.orders", "orders,,public.orders"})
    void offsetsOfConfluentsConnectorAreTakenOver(String table, String protocol, String later) throws Exception {
        String name = table.replace("DB", postgres.name());
        offsets.put(
                protocol == null ? Map.of("table", name) : Map.of("table", name, "protocol", protocol),
                Map.of("incrementing", 2L));
        try (SourceHarness source = start("mode", "incrementing")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("c");
            source.commit();

            assertThat(offsets.all())
                    .as("stored where that connector finds it again")
                    .containsEntry(
                            Map.of("protocol", "1", "table", later.replace("DB", postgres.name())),
                            Map.of("incrementing", 3L));
        }
    }

    @ParameterizedTest
    @CsvSource({"timestamp,c", "timestamp+incrementing,b"})
    void momentsOfConfluentsOffsetsAreTakenOver(String mode, String next) throws Exception {
        long millis = Instant.parse("2024-01-01T10:00:00Z").toEpochMilli();
        Map<String, Object> offset = mode.equals("timestamp")
                ? Map.of("timestamp", millis, "timestamp_nanos", 2_000L)
                : Map.of("timestamp", millis, "timestamp_nanos", 2_000L, "incrementing", 1L);
        offsets.put(ORDERS, offset);
        try (SourceHarness source = start("mode", mode, "timestamp.column.name", "updated")) {
            assertThat(items(source.poll(1, PATIENCE)).get(0)).isEqualTo(next);
        }
    }

    @Test
    void tableLargerThanABatchIsReadInBatches() throws Exception {
        postgres.execute("INSERT INTO orders (item) SELECT 'n' || n FROM generate_series(1, 2500) n");
        try (SourceHarness source = start("mode", "incrementing", "batch.max.rows", "1000")) {
            assertThat(source.poll()).hasSize(1000);
            assertThat(source.poll()).hasSize(1000);
            assertThat(source.poll()).hasSize(503);
        }
    }

    @Test
    void columnAddedWhileRunningAppearsInTheSchema() throws Exception {
        try (SourceHarness source = start("mode", "incrementing")) {
            assertThat(source.poll(3, PATIENCE)).hasSize(3);
            postgres.execute(
                    "ALTER TABLE orders ADD COLUMN note text", "INSERT INTO orders (item, note) VALUES ('d', 'new')");

            Struct value = (Struct) source.poll(1, PATIENCE).get(0).value();

            assertThat(value.getString("note")).isEqualTo("new");
        }
    }

    @Test
    void lostConnectionIsRetriedWithoutLossOrRepetition() throws Exception {
        postgres.execute("INSERT INTO orders (item) SELECT 'n' || n FROM generate_series(1, 2997) n");
        try (SourceHarness source = start("mode", "incrementing", "batch.max.rows", "500")) {
            List<SourceRecord> first = source.poll();
            assertThat(first).hasSize(500);
            postgres.terminateConnections();

            List<Object> ids = new java.util.ArrayList<>();
            first.forEach(record -> ids.add(((Struct) record.value()).get("id")));
            int failures = 0;
            while (ids.size() < 3000) {
                try {
                    source.poll(1, PATIENCE).forEach(record -> ids.add(((Struct) record.value()).get("id")));
                } catch (org.apache.kafka.connect.errors.RetriableException e) {
                    failures++;
                }
            }

            assertThat(failures).isPositive();
            assertThat(ids).hasSize(3000).doesNotHaveDuplicates();
        }
    }

    /** Cut to 64 bits it would be below all others, so that nothing were read any more. */
    @Test
    void numberThatNoOffsetHoldsFailsTheTask() throws Exception {
        postgres.execute(
                "CREATE TABLE big (id numeric(20) PRIMARY KEY)", "INSERT INTO big VALUES (9223372036854775808)");
        try (SourceHarness source =
                start("mode", "incrementing", "incrementing.column.name", "id", "table.whitelist", "big")) {
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("9223372036854775808, which is no 64-bit integer");
        }
    }

    /** What was to be hidden would be told under the other name. */
    @Test
    void columnThatIsHiddenAndRenamedFailsTheTask() throws Exception {
        for (String list : List.of("column.mask.list", "column.exclude.list")) {
            String table = list.replaceAll("[.]", "_");
            postgres.execute("CREATE TABLE " + table + " AS SELECT 1 AS id, 'x' AS ssn");
            try (SourceHarness source = start("mode", "bulk", "table.whitelist", table, list, table + ".ssn")) {
                source.poll(1, PATIENCE);
                postgres.execute("ALTER TABLE " + table + " RENAME ssn TO social");

                assertThatThrownBy(() -> source.poll(100, PATIENCE))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining(list + " names ssn, which table public." + table + " does not have");
            }
        }
    }

    @Test
    void listOfColumnsForATableThatIsNotReadFailsTheStart() {
        Map<String, String> config = postgres.config(
                "mode", "bulk", "topic.prefix", "", "table.whitelist", "orders", "column.mask.list", "order.item");

        assertThatThrownBy(() -> new JdbcSourceConnector().start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("column.mask.list has the entry order.item, but no table that is read");
    }
}
