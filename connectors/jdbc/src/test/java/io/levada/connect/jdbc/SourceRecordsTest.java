/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics, keys, columns and followed columns of several tables at once. */
final class SourceRecordsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Postgres postgres;

    @BeforeEach
    void createTables() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE SCHEMA north",
                "CREATE TABLE dunes (id serial PRIMARY KEY, made timestamp NOT NULL DEFAULT '2024-01-01', secret text)",
                "CREATE TABLE north.dunes (b int, a int, at timestamp NOT NULL DEFAULT '2024-01-01', also timestamp,"
                        + " PRIMARY KEY (a, b))",
                "CREATE VIEW north.seen AS SELECT * FROM north.dunes",
                "INSERT INTO dunes (secret) VALUES ('s')",
                "INSERT INTO north.dunes VALUES (2, 1)");
    }

    private SourceHarness start(String... config) {
        Map<String, String> all = postgres.config(config);
        all.putIfAbsent("mode", "bulk");
        all.putAll(Map.of("topic.prefix", "p.", "poll.interval.ms", "3600000"));
        return SourceHarness.start(new JdbcSourceConnector(), all, new MemoryOffsets());
    }

    private static List<String> told(List<SourceRecord> records) {
        return records.stream()
                .map(each -> each.topic() + " " + each.key() + " " + each.value())
                .sorted()
                .toList();
    }

    @Test
    void topicsOfSeveralSchemasAndKeysFromPrimaryKeys() throws Exception {
        try (SourceHarness source = start(
                "topic.name.format",
                "${topic.prefix}${database}.${schema}.${table}",
                "record.key",
                "primary_key",
                "table.types",
                "TABLE,VIEW",
                "column.exclude.list",
                "dunes.made,north.dunes.at,north.dunes.also",
                "column.include.list",
                "north.seen.a",
                "column.mask.list",
                "public.dunes.secret")) {
            String database = "p." + postgres.name();
            assertThat(told(source.poll(3, PATIENCE)))
                    .containsExactly(
                            database + ".north.dunes Struct{a=1,b=2} Struct{b=2,a=1}",
                            database + ".north.seen null Struct{a=1}",
                            database + ".public.dunes Struct{id=1} Struct{id=1,secret=****}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "io.confluent.connect.jdbc.JdbcSourceConnector,,org.apache.kafka.connect.data.Decimal",
        "io.confluent.connect.jdbc.JdbcSourceConnector,readable,",
        "io.levada.connect.jdbc.JdbcSourceConnector,,"
    })
    void defaultsAreThoseOfTheClassName(String className, String mapping, String expected) throws Exception {
        postgres.execute("CREATE TABLE prices (p numeric(10,2))", "INSERT INTO prices VALUES (1.5)");
        try (SourceHarness source = start(
                "table.whitelist",
                "prices",
                "connector.class",
                className,
                mapping == null ? "name" : "numeric.mapping",
                mapping == null ? "n" : mapping)) {
            SourceRecord record = source.poll(1, PATIENCE).get(0);

            assertThat(record.valueSchema().field("p").schema().name()).isEqualTo(expected);
        }
    }

    /** Confluent's connector cuts. */
    @ParameterizedTest
    @CsvSource({
        "io.confluent.connect.jdbc.JdbcSourceConnector,,45296789",
        "io.levada.connect.jdbc.JdbcSourceConnector,connect_logical_cut,45296789",
        "io.levada.connect.jdbc.JdbcSourceConnector,text,12:34:56.789012"
    })
    void timesOfDayAreCutOrTextWhereThatIsAskedFor(String className, String mapping, String expected) throws Exception {
        postgres.execute("CREATE TABLE times (t time)", "INSERT INTO times VALUES ('12:34:56.789012')");
        try (SourceHarness source = start(
                "table.whitelist",
                "times",
                "connector.class",
                className,
                mapping == null ? "name" : "time.mapping",
                mapping == null ? "n" : mapping)) {
            Object time = ((Struct) source.poll(1, PATIENCE).get(0).value()).get("t");

            assertThat(time instanceof Date date ? String.valueOf(date.getTime()) : time)
                    .isEqualTo(expected);
        }
    }

    @Test
    void timeOfDayThatIsTooFineIsRefusedByName() throws Exception {
        postgres.execute("CREATE TABLE times (t time)", "INSERT INTO times VALUES ('12:34:56.789012')");
        try (SourceHarness source = start("table.whitelist", "times")) {
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .hasStackTraceContaining("column t of table public.times")
                    .hasStackTraceContaining("set time.mapping=text");
        }
    }

    /** What a configuration of Confluent's may say at length although it is the default there, or has no meaning here. */
    @Test
    void defaultsOfConfluentsMayBeWrittenDown() throws Exception {
        try (SourceHarness source = start(
                "table.whitelist", "public.dunes",
                "poll.linger.ms", "5000",
                "max.buffer.size", "0",
                "table.monitoring.startup.polling.limit.ms", "10000",
                "numeric.precision.mapping", "false",
                "query.masked", "",
                "incrementing.column.mapping", "",
                "jdbc.credentials.provider.class", "io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider",
                "transaction.isolation.mode", "READ_COMMITTED",
                "dialect.name", "PostgreSqlDatabaseDialect")) {
            assertThat(source.poll(1, PATIENCE)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"timestamp", "timestamp+incrementing"})
    void columnsAreFollowedByTable(String mode) throws Exception {
        try (SourceHarness source = start(
                "mode",
                mode,
                "topic.name.format",
                "${schema}.${table}",
                "timestamp.columns.mapping",
                "public.*:made,.*[.]north[.].*:[also|at]",
                mode.equals("timestamp") ? "name" : "incrementing.column.mapping",
                mode.equals("timestamp") ? "n" : "north[.]dunes:b,public[.]dunes:id")) {
            assertThat(told(source.poll(2, PATIENCE)))
                    .satisfiesExactly(
                            north -> assertThat(north).startsWith("north.dunes"),
                            other -> assertThat(other).startsWith("public.dunes"));
        }
    }
}
