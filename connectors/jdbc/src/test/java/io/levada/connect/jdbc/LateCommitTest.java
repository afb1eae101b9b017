/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that become visible after rows with higher numbers or later times are not missed. */
final class LateCommitTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String INSERT = "INSERT INTO orders (item) VALUES ('%s')";

    private Postgres postgres;

    @BeforeEach
    void createOrders() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE orders (id serial PRIMARY KEY, item text,"
                + " updated timestamptz NOT NULL DEFAULT clock_timestamp())");
    }

    private SourceHarness start(String mode, String... config) {
        Map<String, String> all = postgres.config(config);
        all.put("mode", mode);
        all.putIfAbsent("table.whitelist", "orders");
        all.put("topic.prefix", "t.");
        all.put("poll.interval.ms", "20");
        if (mode.contains("timestamp")) {
            all.put("timestamp.column.name", "updated");
        }
        if (mode.contains("incrementing")) {
            all.put("incrementing.column.name", "id");
        }
        return SourceHarness.start(new JdbcSourceConnector(), all, new MemoryOffsets());
    }

    private static List<String> items(List<SourceRecord> records) {
        return records.stream()
                .map(record -> ((Struct) record.value()).getString("item"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"incrementing", "timestamp", "timestamp+incrementing"})
    void rowCommittedLateIsReadInItsPlace(String mode) throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start(mode)) {
            Postgres.execute(late, INSERT.formatted("late"));
            postgres.execute(INSERT.formatted("early"));

            assertThat(source.poll())
                    .as("held back while the late transaction is open")
                    .isEmpty();
            late.commit();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("late", "early");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"incrementing", "timestamp", "timestamp+incrementing"})
    void rowsReadEarlierDoNotWaitForANewTransaction(String mode) throws Exception {
        postgres.execute(INSERT.formatted("first"));
        try (SourceHarness source = start(mode)) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("first");
        }
    }

    @Test
    void transactionThatIsRolledBackHoldsNothingAnyMore() throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start("incrementing")) {
            Postgres.execute(late, INSERT.formatted("never"));
            postgres.execute(INSERT.formatted("early"));
            assertThat(source.poll()).isEmpty();
            late.rollback();

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("early");
        }
    }

    @Test
    void numbersDoNotWaitForWritersOfOtherTables() throws Exception {
        postgres.execute("CREATE TABLE other (id int)");
        try (Connection elsewhere = postgres.begin();
                SourceHarness source = start("incrementing", "exact.bounds", "writers")) {
            Postgres.execute(elsewhere, "INSERT INTO other VALUES (1)");
            postgres.execute(INSERT.formatted("here"));

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("here");
        }
    }

    /** A transaction's now() is when it began, and Hibernate asks for a number before it inserts. */
    @ParameterizedTest
    @ValueSource(strings = {"incrementing", "timestamp", "timestamp+incrementing"})
    void numberAndTimeTakenBeforeTheFirstWriteAreWaitedFor(String mode) throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start(mode)) {
            Postgres.execute(late, "SELECT now()", "SELECT nextval('orders_id_seq')");
            postgres.execute(INSERT.formatted("early"));
            assertThat(source.poll()).isEmpty();
            Postgres.execute(
                    late, "INSERT INTO orders (id, item, updated) VALUES (currval('orders_id_seq'), 'late', now())");
            late.commit();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("late", "early");
        }
    }

    @Test
    void sessionThatOnlyReadsForOthersHoldsNothingBack() throws Exception {
        try (Connection dump = postgres.begin();
                SourceHarness source = start("incrementing")) {
            Postgres.execute(dump, "SET application_name = 'pg_dump'", "SELECT 1");
            postgres.execute(INSERT.formatted("early"));

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("early");
        }
    }

    @Test
    void preparedTransactionHoldsItsRowsBackToo() throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start("incrementing")) {
            Postgres.execute(late, INSERT.formatted("late"));
            postgres.execute(INSERT.formatted("early"));
            assertThat(source.poll()).isEmpty();
            Postgres.execute(late, "PREPARE TRANSACTION 'p1'");
            late.setAutoCommit(true);
            assertThat(source.poll()).isEmpty();
            Postgres.execute(late, "COMMIT PREPARED 'p1'");

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("late", "early");
        }
    }

    @Test
    void preparedTransactionsThatOverlapDoNotStopReading() throws Exception {
        try (Connection first = postgres.begin();
                Connection second = postgres.begin();
                SourceHarness source = start("incrementing")) {
            Postgres.execute(first, INSERT.formatted("late"), "PREPARE TRANSACTION 'first'");
            first.setAutoCommit(true);
            postgres.execute(INSERT.formatted("early"));
            assertThat(source.poll()).isEmpty();
            Postgres.execute(second, INSERT.formatted("later"), "PREPARE TRANSACTION 'second'");
            second.setAutoCommit(true);
            Postgres.execute(first, "COMMIT PREPARED 'first'");

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("late", "early");
            Postgres.execute(second, "COMMIT PREPARED 'second'");
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("later");
        }
    }

    @Test
    void writersOfAPartitionCount() throws Exception {
        postgres.execute(
                "CREATE TABLE parted (id serial, item text NOT NULL) PARTITION BY LIST (item)",
                "CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a')",
                "CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN ('b')",
                "ALTER TABLE parted ALTER COLUMN id SET NOT NULL");
        try (Connection late = postgres.begin();
                SourceHarness source =
                        start("incrementing", "table.whitelist", "parted", "table.types", "PARTITIONED TABLE")) {
            Postgres.execute(late, "INSERT INTO parted_a VALUES (1, 'a')");
            postgres.execute("INSERT INTO parted VALUES (2, 'b')");
            assertThat(source.poll()).isEmpty();
            late.commit();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("a", "b");
        }
    }

    @Test
    void queryWaitsForEveryWriter() throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start("incrementing", "table.whitelist", "", "query", "SELECT * FROM orders")) {
            Postgres.execute(late, INSERT.formatted("late"));
            postgres.execute(INSERT.formatted("early"));
            assertThat(source.poll()).isEmpty();
            late.commit();

            assertThat(items(source.poll(2, PATIENCE))).containsExactly("late", "early");
        }
    }

    @Test
    void withoutExactBoundsNothingIsHeldBack() throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start("incrementing", "exact.bounds", "off")) {
            Postgres.execute(late, INSERT.formatted("late"));
            postgres.execute(INSERT.formatted("early"));

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("early");
        }
    }

    /** For databases that do not tell what is open. */
    @ParameterizedTest
    @ValueSource(strings = {"incrementing", "timestamp", "timestamp+incrementing"})
    void rowCommittedLateIsFoundWithinTheWindow(String mode) throws Exception {
        try (Connection late = postgres.begin();
                SourceHarness source = start(mode, "exact.bounds", "off", "late.rows.window.ms", "3600000")) {
            Postgres.execute(late, INSERT.formatted("late"));
            postgres.execute(INSERT.formatted("early"));
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("early");
            source.commit();
            late.commit();

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("late");
            postgres.execute(INSERT.formatted("later"));
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("later");
            assertThat(source.poll()).isEmpty();
            source.restart();
            assertThat(items(source.poll(2, PATIENCE)))
                    .as("what was committed is known")
                    .containsExactly("late", "later");
            source.commit();
            source.restart();
            postgres.execute(INSERT.formatted("last"));
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("last");
        }
    }

    /** Whoever sets the place back leaves the rest of the offset as it is. */
    @Test
    void placeThatIsSetBackBringsRowsAgain() throws Exception {
        postgres.execute("INSERT INTO orders (item) SELECT 'row ' || n FROM generate_series(1, 5) n");
        try (SourceHarness source = start("incrementing", "exact.bounds", "off", "late.rows.window.ms", "1")) {
            source.poll(5, PATIENCE);
            source.commit();
            postgres.execute(INSERT.formatted("row 6"));
            source.poll(1, PATIENCE);
            source.commit();
            Map<String, String> partition = Map.of("protocol", "1", "table", "public.orders");
            Map<String, Object> back = new HashMap<>(source.offsets().offset(partition));
            assertThat(back).containsKey("late").extractingByKey("incrementing").isNotEqualTo(2L);
            back.put("incrementing", 2L);
            source.offsets().put(partition, back);
            source.restart();

            assertThat(items(source.poll(4, PATIENCE))).containsExactly("row 3", "row 4", "row 5", "row 6");
        }
    }

    /** An offset cannot tell of any number of rows: it tells of the last, and begins right before them. */
    @Test
    void ofMoreRowsThanAnOffsetTellsTheLastAreKnownAfterARestart() throws Exception {
        postgres.execute("INSERT INTO orders (item) SELECT 'row ' || n FROM generate_series(1, 1500) n");
        try (Connection late = postgres.begin();
                SourceHarness source = start("incrementing", "exact.bounds", "off", "late.rows.window.ms", "3600000")) {
            Postgres.execute(late, INSERT.formatted("late"));
            source.poll(1500, PATIENCE);
            source.commit();
            late.commit();
            source.restart();

            assertThat(items(source.poll(1, PATIENCE))).containsExactly("late");
            source.commit();
            source.restart();
            assertThat(source.poll()).isEmpty();
        }
    }

    /** A join gives rows of one number, which fill more than a batch. */
    @Test
    void rowsOfOneNumberAreToldApartWithinTheWindow() throws Exception {
        postgres.execute(
                "CREATE TABLE lines (id int, item text)",
                "INSERT INTO lines SELECT 1, n::text FROM generate_series(1, 5) n",
                "INSERT INTO lines VALUES (1, '5')");
        try (SourceHarness source = start(
                "incrementing",
                "table.whitelist",
                "",
                "query",
                "SELECT * FROM lines",
                "batch.max.rows",
                "2",
                "exact.bounds",
                "off",
                "late.rows.window.ms",
                "3600000")) {
            assertThat(items(source.poll(6, PATIENCE))).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "5");
            postgres.execute("INSERT INTO lines VALUES (1, 'late'), (1, '5')");

            assertThat(items(source.poll(2, PATIENCE))).containsExactlyInAnyOrder("late", "5");
            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void rowsThatAreAlikeAreAsManyAsThereAre() throws Exception {
        postgres.execute(
                "CREATE TABLE twins (item text, updated timestamptz)",
                "INSERT INTO twins SELECT 'x', '2024-01-01' FROM generate_series(1, 5)");
        try (SourceHarness source = start(
                "timestamp",
                "table.whitelist",
                "twins",
                "batch.max.rows",
                "2",
                "validate.non.null",
                "false",
                "exact.bounds",
                "off",
                "late.rows.window.ms",
                "3600000")) {
            assertThat(items(source.poll(5, PATIENCE))).hasSize(5);
            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void rowThatIsChangedWithinTheWindowIsNoNewNumber() throws Exception {
        postgres.execute(INSERT.formatted("old"));
        try (SourceHarness source = start("incrementing", "exact.bounds", "off", "late.rows.window.ms", "3600000")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("old");
            postgres.execute("UPDATE orders SET item = 'new'");

            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void rowsAreForgottenWhenTheirWindowIsOver() throws Exception {
        try (SourceHarness source = start("incrementing", "exact.bounds", "off", "late.rows.window.ms", "1")) {
            for (int i = 0; i < 3; i++) {
                postgres.execute(INSERT.formatted("row " + i));
                assertThat(items(source.poll(1, PATIENCE))).containsExactly("row " + i);
            }
            assertThat(source.poll()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"incrementing", "timestamp", "timestamp+incrementing"})
    void manyWritersThatOverlapLoseNothing(String mode) throws Exception {
        int writers = 6;
        int transactions = 60;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try (SourceHarness source = start(mode, "batch.max.rows", "7")) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int writer = i;
                running.add(threads.submit(() -> {
                    write(writer, transactions);
                    return null;
                }));
            }
            List<SourceRecord> records = source.poll(writers * transactions * 2, Duration.ofMinutes(2));
            for (Future<?> each : running) {
                Object unused = each.get();
            }

            assertThat(items(records)).doesNotHaveDuplicates().hasSize(writers * transactions * 2);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Two rows in each transaction, which stays open for some random milliseconds after either. */
    private void write(int writer, int transactions) throws SQLException {
        try (Connection connection = postgres.begin()) {
            for (int i = 0; i < transactions; i++) {
                for (String half : List.of("a", "b")) {
                    Postgres.execute(
                            connection, INSERT.formatted(writer + "-" + i + half), "SELECT pg_sleep(random() * 0.004)");
                }
                connection.commit();
            }
        }
    }
}
