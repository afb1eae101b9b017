/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import io.levada.connect.jdbc.TestDatabase.Kind;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both connectors promise of every kind of database, on a real one of each that tests can run. */
final class DatabasesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
    private static final Schema VALUE = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("item", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema WIDER = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("item", Schema.OPTIONAL_STRING_SCHEMA)
            .field("weight", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .field("wet", Schema.OPTIONAL_BOOLEAN_SCHEMA)
            .build();

    private final MemoryOffsets offsets = new MemoryOffsets();
    private final JdbcSourceConnector connector = new JdbcSourceConnector();
    private long nextOffset;

    /** Three rows, of which two share a moment. */
    private static String orders(TestDatabase database) throws Exception {
        String table = database.newTable();
        String sql = database.sql(table);
        database.execute(
                "CREATE TABLE " + sql + " (" + database.sql("id") + " INTEGER NOT NULL PRIMARY KEY, "
                        + database.sql("item") + " VARCHAR(20), " + database.sql("updated") + " TIMESTAMP NOT NULL)",
                insert(sql, 1, "a", "2024-01-01 10:00:00"),
                insert(sql, 2, "b", "2024-01-01 10:00:00"),
                insert(sql, 3, "c", "2024-01-01 10:00:01"));
        return table;
    }

    private static String insert(String sql, int id, String item, String updated) {
        return "INSERT INTO " + sql + " VALUES (" + id + ", '" + item + "', '" + updated + "')";
    }

    private SourceHarness source(TestDatabase database, String... config) {
        Map<String, String> all = database.config(config);
        all.putIfAbsent("topic.prefix", "");
        all.putIfAbsent("poll.interval.ms", "20");
        return SourceHarness.start(connector, all, offsets);
    }

    private static List<String> items(List<SourceRecord> records) {
        return records.stream()
                .map(record -> ((Struct) record.value()).getString("item"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void everyPollInBulkReadsAll(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        try (SourceHarness source = source(database, "mode", "bulk", "table.whitelist", orders(database))) {
            assertThat(items(source.poll(6, PATIENCE))).containsExactly("a", "b", "c", "a", "b", "c");
        }
    }

    @ParameterizedTest
    @EnumSource
    void newRowsAreReadByTheirNumberAndAfterARestart(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        try (SourceHarness source =
                source(database, "mode", "incrementing", "incrementing.column.name", "id", "table.whitelist", table)) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("a", "b", "c");
            source.commit();
            database.execute(insert(database.sql(table), 4, "d", "2024-01-01 10:00:02"));
            source.restart();
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("d");
        }
    }

    /** Where the database tells how large a table is: SQLite does not. */
    @ParameterizedTest
    @EnumSource
    void bigTableIsReadInRangesByItsKeyAndAtItsFirstLoad(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        String sql = database.sql(table);
        database.execute(
                "CREATE TABLE " + sql + " (" + database.sql("id") + " BIGINT NOT NULL PRIMARY KEY, "
                        + database.sql("item") + " VARCHAR(20), " + database.sql("updated") + " TIMESTAMP NOT NULL)",
                "INSERT INTO " + sql + " VALUES "
                        + IntStream.range(-300, 300)
                                .mapToObj(n -> "(" + n * n * n + ", 'i" + n
                                        + "', '2024-01-01 10:%02d:%02d')".formatted((n + 300) / 60, (n + 300) % 60))
                                .collect(Collectors.joining(", ")),
                kind == Kind.MARIADB ? "ANALYZE TABLE " + sql : "ANALYZE");
        List<String> expected =
                IntStream.range(-300, 300).mapToObj(n -> "i" + n).toList();
        int tasks = kind == Kind.SQLITE ? 1 : 3;
        List<String> ranges = List.of("table.whitelist", table, "tasks.max", "3", "table.ranges.rows.min", "100");
        try (SourceHarness source = source(database, with(ranges, "mode", "bulk", "poll.interval.ms", "600000"))) {
            assertThat(connector.taskConfigs(3)).hasSize(tasks);
            assertThat(items(source.poll())).containsExactlyInAnyOrderElementsOf(expected);
        }
        try (SourceHarness source = source(
                database,
                with(
                        ranges,
                        "mode",
                        "timestamp+incrementing",
                        "timestamp.column.name",
                        "updated",
                        "incrementing.column.name",
                        "id"))) {
            assertThat(connector.taskConfigs(3)).hasSize(tasks);
            List<String> read = new ArrayList<>(items(source.poll()));
            source.commit();
            if (tasks > 1) {
                assertThat(read).as("the last is for who follows").hasSize(expected.size() - 1);
                read.addAll(items(source.poll(1, PATIENCE)));
            }
            assertThat(read).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String[] with(List<String> config, String... more) {
        return Stream.concat(config.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** A column of whole seconds gives a row that comes later in the same second the same moment, which is then not read again. */
    @ParameterizedTest
    @EnumSource
    void rowsOfTheCurrentSecondWaitForItsEnd(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        String sql = database.sql(table);
        String type = kind == Kind.SQLITE || kind == Kind.MARIADB ? "DATETIME" : "TIMESTAMP(0)";
        database.execute(
                "CREATE TABLE " + sql + " (" + database.sql("item") + " VARCHAR(20), " + database.sql("updated") + " "
                        + type + " NOT NULL)",
                "INSERT INTO " + sql + " VALUES ('a', CURRENT_TIMESTAMP)");
        try (SourceHarness source = source(
                database,
                "mode",
                "timestamp",
                "timestamp.column.name",
                "updated",
                "table.whitelist",
                table,
                "exact.bounds",
                "off")) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a");
            database.execute("INSERT INTO " + sql + " VALUES ('b', CURRENT_TIMESTAMP)");

            assertThat(items(source.poll(1, PATIENCE)))
                    .as("in whichever second it came")
                    .containsExactly("b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void changedRowsAreReadByTheirMoment(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        try (SourceHarness source =
                source(database, "mode", "timestamp", "timestamp.column.name", "updated", "table.whitelist", table)) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactlyInAnyOrder("a", "b", "c");
            source.commit();
            database.execute("UPDATE " + database.sql(table) + " SET " + database.sql("item") + " = 'a2', "
                    + database.sql("updated") + " = '2024-01-01 10:00:02' WHERE " + database.sql("id") + " = 1");
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void numbersTellRowsOfOneMomentApart(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        try (SourceHarness source = source(
                database,
                "mode",
                "timestamp+incrementing",
                "timestamp.column.name",
                "updated",
                "incrementing.column.name",
                "id",
                "batch.max.rows",
                "1",
                "table.whitelist",
                orders(database))) {
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("a");
            source.commit();
            source.restart();
            assertThat(items(source.poll(2, PATIENCE))).containsExactly("b", "c");
        }
    }

    @ParameterizedTest
    @EnumSource
    void queryIsReadByNumbers(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String query = "SELECT * FROM " + database.sql(orders(database)) + " WHERE " + database.sql("item")
                + " <> 'b' -- ours";
        try (SourceHarness source = source(
                database,
                "mode",
                "incrementing",
                "incrementing.column.name",
                "id",
                "query",
                query,
                "topic.prefix",
                "q")) {
            assertThat(items(source.poll(2, PATIENCE))).containsExactly("a", "c");
        }
    }

    private SinkHarness sink(TestDatabase database, String table, String... config) {
        Map<String, String> all = database.config(config);
        all.put("topics", table);
        return SinkHarness.start(new JdbcSinkConnector(), all, new TopicPartition(table, 0));
    }

    private SinkRecord row(String table, int id, @Nullable String item) {
        return record(table, id, VALUE, new Struct(VALUE).put("id", id).put("item", item));
    }

    private SinkRecord record(String table, int id, @Nullable Schema schema, @Nullable Object value) {
        return new SinkRecord(table, 0, KEY, new Struct(KEY).put("id", id), schema, value, nextOffset++);
    }

    private static List<String> written(TestDatabase database, String table, String... columns) throws Exception {
        return database.rows("SELECT "
                + String.join(", ", List.of(columns).stream().map(database::sql).toList()) + " FROM "
                + database.sql(table) + " ORDER BY " + database.sql("id"));
    }

    @ParameterizedTest
    @EnumSource
    void tableIsMadeAndWidened(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        try (SinkHarness sink = sink(
                database,
                table,
                "auto.create",
                "true",
                "auto.evolve",
                "true",
                "pk.mode",
                "record_value",
                "pk.fields",
                "id")) {
            sink.put(row(table, 1, "a"));
            sink.put(record(
                    table,
                    2,
                    WIDER,
                    new Struct(WIDER)
                            .put("id", 2)
                            .put("item", "b")
                            .put("weight", 2.5)
                            .put("wet", true)));
        }
        assertThat(written(database, table, "id", "item", "weight")).containsExactly("1,a,null", "2,b,2.5");
        try (Connection connection = database.connect()) {
            TableId made = new TableId(null, null, table);
            assertThat(database.dialect().kind(connection, made)).contains("TABLE");
            assertThat(database.dialect().primaryKey(connection, made)).containsExactly("id");
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsAreReplacedAndDeletedByTheirKey(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        database.execute("ALTER TABLE " + database.sql(table) + " DROP COLUMN " + database.sql("updated"));
        try (SinkHarness sink =
                sink(database, table, "insert.mode", "upsert", "pk.mode", "record_key", "delete.enabled", "true")) {
            sink.put(row(table, 1, "a2"), row(table, 4, "d"), row(table, 4, "d2"));
            sink.put(record(table, 2, null, null), row(table, 5, null));
        }
        assertThat(written(database, table, "id", "item")).containsExactly("1,a2", "3,c", "4,d2", "5,null");
    }

    @ParameterizedTest
    @EnumSource
    void existingRowsAreUpdated(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        try (SinkHarness sink = sink(database, table, "insert.mode", "update", "pk.mode", "record_key")) {
            sink.put(row(table, 1, "a2"), row(table, 9, "z"));
        }
        assertThat(written(database, table, "id", "item")).containsExactly("1,a2", "2,b", "3,c");
    }

    @ParameterizedTest
    @EnumSource
    void recordThatTheDatabaseRefusesGoesAlone(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        database.execute("ALTER TABLE " + database.sql(table) + " DROP COLUMN " + database.sql("updated"));
        try (SinkHarness sink = sink(database, table)) {
            sink.put(row(table, 7, "x"), row(table, 1, "twice"), row(table, 8, "y"));
            assertThat(sink.requests().errant()).hasSize(1);
        }
        assertThat(written(database, table, "id", "item")).containsExactly("1,a", "2,b", "3,c", "7,x", "8,y");
    }

    @ParameterizedTest
    @EnumSource
    void rowThatComesBeforeTheOneItRefersToIsWritten(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String other = database.newTable();
        String table = database.newTable();
        String key = database.sql("id") + " INTEGER NOT NULL PRIMARY KEY, " + database.sql("item") + " VARCHAR(20)";
        database.execute(
                "CREATE TABLE " + database.sql(other) + " (" + key + ")",
                "CREATE TABLE " + database.sql(table) + " (" + key + ", FOREIGN KEY (" + database.sql("id")
                        + ") REFERENCES " + database.sql(other) + " (" + database.sql("id") + "))");
        String url = database.config().get("connection.url") + (kind == Kind.SQLITE ? "?foreign_keys=true" : "");
        try (SinkHarness sink =
                sink(database, table, "insert.mode", "upsert", "pk.mode", "record_key", "connection.url", url)) {
            SinkRecord referred = row(table, 1, "other");
            sink.put(
                    row(table, 1, "a"),
                    row(table, 2, "b"),
                    referred.newRecord(
                            other,
                            0,
                            referred.keySchema(),
                            referred.key(),
                            referred.valueSchema(),
                            referred.value(),
                            null));
            assertThat(sink.requests().errant()).hasSize(1);
        }
        assertThat(written(database, table, "id", "item")).containsExactly("1,a");
    }

    @ParameterizedTest
    @EnumSource
    void missingTableAndColumnAreNamed(Kind kind) throws Exception {
        TestDatabase database = kind.database();

        assertThat(errors(database.config("mode", "bulk", "table.whitelist", "nowhere", "topic.prefix", "")))
                .singleElement()
                .asString()
                .contains("there is no table nowhere");
        assertThat(errors(database.config(
                        "mode",
                        "incrementing",
                        "incrementing.column.name",
                        "no",
                        "table.whitelist",
                        orders(database),
                        "topic.prefix",
                        "")))
                .singleElement()
                .asString()
                .contains("names no, which table")
                .contains("does not have");
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE", mode = EnumSource.Mode.EXCLUDE)
    void wrongPasswordIsNamed(Kind kind) throws Exception {
        TestDatabase database = kind.database();

        assertThat(errors(database.config("mode", "bulk", "topic.prefix", "", "connection.password", "wrong")))
                .singleElement()
                .asString()
                .contains("refused the password");
    }

    @ParameterizedTest
    @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
    void missingDatabaseIsNamed(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        Map<String, String> config = database.config("mode", "bulk", "topic.prefix", "");
        config.computeIfPresent("connection.url", (key, url) -> url.replaceFirst("[^/]+$", "nowhere"));

        assertThat(errors(config)).singleElement().asString().contains("there is no database");
    }

    private static List<String> errors(Map<String, String> config) {
        return new JdbcSourceConnector()
                .validate(config).configValues().stream()
                        .map(ConfigValue::errorMessages)
                        .flatMap(List::stream)
                        .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "H2"})
    void rowsThatCommitLateAreFoundWhereTheDatabaseDoesNotTell(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        String sql = database.sql(table);
        String[] config = {"mode", "incrementing", "incrementing.column.name", "id", "table.whitelist", table};
        try (Connection late = database.connect();
                SourceHarness source = source(database, config)) {
            assertThat(items(source.poll(3, PATIENCE))).containsExactly("a", "b", "c");
            late.setAutoCommit(false);
            late.createStatement().execute(insert(sql, 4, "late", "2024-01-01 10:00:02"));
            database.execute(insert(sql, 5, "early", "2024-01-01 10:00:02"));
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("early");
            late.commit();
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("late");
        }
        JdbcSourceConnector connector = new JdbcSourceConnector();
        Map<String, String> all = database.config(config);
        all.put("topic.prefix", "");
        assertThat(connector.exactlyOnceSupport(all)).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
        all.put("exactly.once.support", "required");
        assertThat(connector.exactlyOnceSupport(all)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }

    /** Without quotes these would be read as something else than names. */
    @ParameterizedTest
    @EnumSource
    void reservedWordsAreNamesAlsoWithoutQuotes(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        Identifiers plain = database.dialect().identifiers(Quoting.NEVER);
        database.execute("DROP TABLE IF EXISTS " + plain.sql("order"));
        Schema schema = SchemaBuilder.struct()
                .field("group", Schema.INT32_SCHEMA)
                .field("select", Schema.OPTIONAL_STRING_SCHEMA)
                .field("plain", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        Struct value = new Struct(schema).put("group", 1).put("select", "a").put("plain", "b");
        try (SinkHarness sink = SinkHarness.start(
                new JdbcSinkConnector(),
                database.config(
                        "topics",
                        "order",
                        "quote.sql.identifiers",
                        "never",
                        "auto.create",
                        "true",
                        "insert.mode",
                        "upsert",
                        "pk.mode",
                        "record_value",
                        "pk.fields",
                        "group"),
                new TopicPartition("order", 0))) {
            sink.put(new SinkRecord("order", 0, null, null, schema, value, 0));
        }
        try (SourceHarness source = source(
                database,
                "mode",
                "incrementing",
                "incrementing.column.name",
                "group",
                "quote.sql.identifiers",
                "never",
                "table.whitelist",
                plain.stored("order"))) {
            Struct row = (Struct) source.poll(1, PATIENCE).get(0).value();
            assertThat(row.get(plain.stored("select"))).isEqualTo("a");
        }
    }

    /** What a database counts as reserved, where it tells. */
    @Test
    void postgresReservesNoOtherWords() throws Exception {
        Identifiers plain = Kind.POSTGRESQL.database().dialect().identifiers(Quoting.NEVER);
        List<String> words = Kind.POSTGRESQL
                .database()
                .rows("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T') ORDER BY 1");

        assertThat(words)
                .isNotEmpty()
                .allSatisfy(word -> assertThat(plain.sql(word)).startsWith("\""));
    }
}
