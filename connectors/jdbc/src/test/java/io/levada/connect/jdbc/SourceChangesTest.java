/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What changes in the database while a task runs is followed, or told by name. */
final class SourceChangesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Postgres postgres;

    @BeforeEach
    void createTable() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE TABLE dunes (id serial PRIMARY KEY, a int DEFAULT 7, b text DEFAULT 'b')",
                "INSERT INTO dunes DEFAULT VALUES",
                "INSERT INTO dunes DEFAULT VALUES");
    }

    private Map<String, String> config(String... config) {
        Map<String, String> all = postgres.config(config);
        all.putIfAbsent("table.whitelist", "dunes");
        all.putIfAbsent("mode", "incrementing");
        all.putAll(Map.of("topic.prefix", "", "poll.interval.ms", "20"));
        return all;
    }

    private SourceHarness start(String... config) {
        return SourceHarness.start(new JdbcSourceConnector(), config(config), new MemoryOffsets());
    }

    private static List<String> values(List<SourceRecord> records) {
        return records.stream().map(each -> each.value().toString()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ADD COLUMN c int DEFAULT 5           | Struct{id=3,a=7,b=b,c=5}",
                "DROP COLUMN a                        | Struct{id=3,b=b}",
                "RENAME COLUMN a TO z                 | Struct{id=3,z=7,b=b}",
                "ALTER COLUMN a TYPE text             | Struct{id=3,a=7,b=b}",
                "ALTER COLUMN id TYPE bigint          | Struct{id=3,a=7,b=b}",
            })
    void columnsAreWhatTheyAreNow(String change, String row) throws Exception {
        try (SourceHarness source = start()) {
            Schema before = source.poll(2, PATIENCE).get(0).valueSchema();
            postgres.execute("ALTER TABLE dunes " + change, "INSERT INTO dunes DEFAULT VALUES");

            SourceRecord after = source.poll(1, PATIENCE).get(0);

            assertThat(after.value()).hasToString(row);
            assertThat(after.valueSchema()).isNotEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RENAME COLUMN id TO nr   | incrementing.column.name names id, which table public.dunes does not have",
                "DROP COLUMN id           | incrementing.column.name names id, which table public.dunes does not have",
                "ALTER COLUMN id TYPE text | which is of type text and no whole number",
                "RENAME TO moors          | \"public.dunes\" does not exist",
            })
    void whatCannotBeFollowedAnyMoreIsToldByName(String change, String message) throws Exception {
        try (SourceHarness source = start("incrementing.column.name", "id")) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            postgres.execute("ALTER TABLE dunes " + change);

            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void viewInTheTablesPlaceIsReadOn() throws Exception {
        try (SourceHarness source = start("incrementing.column.name", "id", "validate.non.null", "false")) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            postgres.execute(
                    "ALTER TABLE dunes RENAME TO moors",
                    "CREATE VIEW dunes AS SELECT * FROM moors",
                    "INSERT INTO moors DEFAULT VALUES");

            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=3,a=7,b=b}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUNCATE dunes RESTART IDENTITY",
                "DROP TABLE dunes; CREATE TABLE dunes (id serial PRIMARY KEY, a int DEFAULT 7, b text DEFAULT 'b')"
            })
    void numbersThatBeginAnewAreReadFromTheBeginning(String change) throws Exception {
        try (SourceHarness source = start()) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            source.commit();
            postgres.execute(change);
            assertThat(source.poll()).isEmpty();
            postgres.execute("INSERT INTO dunes (a) VALUES (8)");

            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=1,a=8,b=b}");
            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void numbersOfAPartitionedTableThatBeginAnewAreReadFromTheBeginning() throws Exception {
        postgres.execute(
                "CREATE TABLE parted (id serial PRIMARY KEY, a int) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
                "INSERT INTO parted (a) VALUES (1), (2)");
        try (SourceHarness source = start("table.whitelist", "parted", "table.types", "PARTITIONED TABLE")) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            postgres.execute(
                    "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200)",
                    "INSERT INTO parted (a) VALUES (3)");
            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=3,a=3}");
            postgres.execute("TRUNCATE parted RESTART IDENTITY");
            assertThat(source.poll()).isEmpty();
            postgres.execute("INSERT INTO parted (a) VALUES (8)");

            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=1,a=8}");
        }
    }

    /** Its rows were the newest, and the others go on. */
    @Test
    void partitionThatGoesMakesNoOtherTable() throws Exception {
        postgres.execute(
                "CREATE TABLE parted (id serial, a int, PRIMARY KEY (id, a)) PARTITION BY LIST (a)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)",
                "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2)",
                "INSERT INTO parted (a) VALUES (2), (1)");
        try (SourceHarness source = start("table.whitelist", "parted", "table.types", "PARTITIONED TABLE")) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            postgres.execute("DROP TABLE parted_1");
            assertThat(source.poll()).isEmpty();
            postgres.execute("INSERT INTO parted (a) VALUES (2)");

            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=3,a=2}");
        }
    }

    @Test
    void numbersThatBeganAnewWhileNoTaskRanAreWarnedOf() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.levada.connect.jdbc.source.Incarnation");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try (SourceHarness source = start()) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            source.commit();
            postgres.execute("TRUNCATE dunes RESTART IDENTITY", "INSERT INTO dunes (a) VALUES (8)");
            source.restart();
            assertThat(source.poll()).isEmpty();
        } finally {
            logger.detachAppender(logged);
        }
        assertThat(logged.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getMessage()).contains("reset its offset"));
    }

    @Test
    void tableThatIsRewrittenIsNotReadAgain() throws Exception {
        try (SourceHarness source = start()) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            postgres.execute(
                    "CREATE TABLE copied (LIKE dunes INCLUDING ALL)",
                    "INSERT INTO copied SELECT * FROM dunes",
                    "ALTER TABLE dunes RENAME TO old",
                    "ALTER TABLE copied RENAME TO dunes",
                    "INSERT INTO dunes (a) VALUES (8)");

            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=3,a=8,b=b}");
            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void oneTableThatIsGoneStopsNoOther() throws Exception {
        postgres.execute("CREATE TABLE moors (id serial PRIMARY KEY)", "INSERT INTO moors DEFAULT VALUES");
        try (SourceHarness source = start("table.whitelist", "dunes,moors")) {
            assertThat(source.poll(3, PATIENCE)).hasSize(3);
            postgres.execute("DROP TABLE dunes", "INSERT INTO moors DEFAULT VALUES");

            assertThat(values(source.poll(1, PATIENCE))).containsExactly("Struct{id=2}");
        }
    }

    @Test
    void privilegeThatIsTakenAwayIsToldByName() throws Exception {
        postgres.execute(
                "CREATE ROLE gardener" + postgres.name() + " LOGIN PASSWORD 'known'",
                "GRANT SELECT ON dunes TO gardener" + postgres.name());
        try (SourceHarness source =
                start("connection.user", "gardener" + postgres.name(), "connection.password", "known")) {
            assertThat(source.poll(2, PATIENCE)).hasSize(2);
            postgres.execute("REVOKE ALL ON dunes FROM gardener" + postgres.name());

            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("permission denied for table dunes");
        }
    }

    /** Otherwise there would be no task left whose failure tells. */
    @Test
    void tasksStayWhenAllTablesAreGoneAtOnce() throws Exception {
        Map<String, String> config = config("table.poll.interval.ms", "20", "table.whitelist", "dunes");
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
            postgres.execute("DROP TABLE dunes");
            String dropped = postgres.rows("SELECT clock_timestamp()").get(0);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !postgres.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND application_name = 'levada-jdbc-source' AND state = 'idle'"
                                    + " AND state_change > '" + dropped + "'")
                            .isEmpty());

            assertThat(source.requests().reconfigurations()).isZero();
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("does not exist");
        }
    }

    @Test
    void startThatFailsLeavesNoPoolBehind() {
        Map<String, String> config = config(
                "name",
                "leaky",
                "incrementing.column.name",
                "id",
                "query",
                "SELECT * FROM dunes",
                "table.whitelist",
                "");
        MemoryOffsets offsets = new MemoryOffsets();
        offsets.put(Map.of("query", "query"), Map.of("incrementing", "many"));

        assertThatThrownBy(() -> SourceHarness.start(new JdbcSourceConnector(), config, offsets))
                .hasMessageContaining("must be a whole number");

        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(
                                thread -> thread.getName().startsWith("jdbc-leaky:housekeeper") && thread.isAlive()));
    }

    @Test
    void namesAreFoldedAsTheServerFoldsThem() throws Exception {
        try (SourceHarness source = start(
                "quote.sql.identifiers",
                "never",
                "table.whitelist",
                "PUBLIC.DUNES",
                "incrementing.column.name",
                "ID",
                "column.exclude.list",
                "DUNES.B")) {
            assertThat(values(source.poll(2, PATIENCE))).containsExactly("Struct{id=1,a=7}", "Struct{id=2,a=7}");
        }
    }

    @Test
    void nameThatIsAnotherWithoutQuotesIsRefused() throws SQLException {
        postgres.execute("CREATE TABLE \"Dunes\" (id serial PRIMARY KEY)");

        assertThatThrownBy(() -> start("quote.sql.identifiers", "never", "table.whitelist", "\"Dunes\""))
                .hasMessageContaining("means another table without quotes");
    }
}
