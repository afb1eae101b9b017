/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import io.levada.connect.jdbc.TestDatabase.Kind;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
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

    @ParameterizedTest
    @EnumSource
    void errorsShowNothingOfAQueryThatIsMasked(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        Map<String, String> config =
                database.config("mode", "bulk", "topic.prefix", "t", "query.masked", "SELECT hidden FROM " + table);
        assertThat(new JdbcSourceConnector().validate(config).configValues())
                .flatExtracting(ConfigValue::errorMessages)
                .singleElement()
                .asString()
                .contains("whose text may show query.masked")
                .doesNotContainIgnoringCase(table);
        database.execute("CREATE TABLE " + table + " (hidden INTEGER)");
        try (SourceHarness source = SourceHarness.start(connector, config, offsets)) {
            database.execute("DROP TABLE " + table);
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .hasMessageContaining("cannot read from")
                    .extracting(DatabasesTest::asLogged)
                    .asString()
                    .doesNotContainIgnoringCase(table);
        }
    }

    private static String asLogged(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(names = "POSTGRESQL")
    void keyOfRecordsFollowsThatOfTheirTable(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        try (SourceHarness source =
                source(database, "mode", "bulk", "table.whitelist", table, "record.key", "primary_key")) {
            source.poll(3, PATIENCE);
            database.execute(
                    "ALTER TABLE " + table + " DROP CONSTRAINT " + table + "_pkey, ADD PRIMARY KEY (updated, id)");
            List<SourceRecord> later = source.poll(6, PATIENCE);
            assertThat(later.get(later.size() - 1).keySchema().fields())
                    .extracting(Field::name)
                    .containsExactly("updated", "id");
        }
    }

    @Test
    void momentsOfSqliteAreInNoZoneButUtc() throws Exception {
        TestDatabase database = Kind.SQLITE.database();
        assertThat(new JdbcSourceConnector()
                        .validate(database.config("mode", "bulk", "topic.prefix", "", "db.timezone", "Asia/Tokyo"))
                        .configValues())
                .flatExtracting(ConfigValue::errorMessages)
                .singleElement()
                .asString()
                .contains("db.timezone", "is not for SQLite");
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
                        "id",
                        "late.rows.window.ms",
                        "0"))) {
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

    /** Rows that commit late are looked for behind one reader, and would be missed in a range that is through. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "H2"})
    void whereLateRowsAreLookedForATableHasOneReader(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        String sql = database.sql(table);
        database.execute(
                "CREATE TABLE " + sql + " (" + database.sql("id") + " BIGINT NOT NULL PRIMARY KEY)",
                "INSERT INTO " + sql + " VALUES "
                        + IntStream.range(0, 600).mapToObj(n -> "(" + n + ")").collect(Collectors.joining(", ")),
                kind == Kind.MARIADB ? "ANALYZE TABLE " + sql : "ANALYZE");
        String[] config = {
            "mode",
            "incrementing",
            "incrementing.column.name",
            "id",
            "table.whitelist",
            table,
            "tasks.max",
            "3",
            "table.ranges.rows.min",
            "100"
        };
        try (SourceHarness source = source(database, config)) {
            assertThat(connector.taskConfigs(3)).hasSize(1);
            assertThat(source.poll(600, PATIENCE)).hasSize(600);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatAreDeletedAreTold(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        try (SourceHarness source = source(
                database,
                "mode",
                "incrementing",
                "incrementing.column.name",
                "id",
                "table.whitelist",
                table,
                "record.key",
                "primary_key",
                "deletes.detect",
                "keys",
                "deletes.interval.ms",
                "1",
                "exactly.once.support",
                "required")) {
            assertThat(source.poll(3, PATIENCE)).hasSize(3);
            String sql = database.sql(table);
            database.execute("DELETE FROM " + sql + " WHERE " + database.sql("id") + " = 2");
            assertThat(source.poll(1, PATIENCE)).singleElement().satisfies(each -> {
                assertThat(((Number) ((Struct) each.key()).get("id")).intValue())
                        .isEqualTo(2);
                assertThat(each.value()).isNull();
            });
            assertThat(source.poll()).isEmpty();
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

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "SQLITE"})
    void maskedColumnIsFoundInAnyCase(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        try (SourceHarness source =
                source(database, "mode", "bulk", "table.whitelist", table, "column.mask.list", table + ".ITEM")) {
            assertThat(items(source.poll(3, PATIENCE))).containsOnly("****");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tableThatIsGoneHoldsUpNoOther(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String gone = orders(database);
        String table = orders(database);
        try (SourceHarness source = source(
                database,
                "mode",
                "incrementing",
                "incrementing.column.name",
                "id",
                "table.whitelist",
                gone + "," + table)) {
            source.poll(6, PATIENCE);
            database.execute("DROP TABLE " + database.sql(gone));
            for (int id = 4; id < 7; id++) { // each is found by another look
                database.execute(insert(database.sql(table), id, "new " + id, "2024-01-01 10:00:02"));
                assertThat(items(source.poll(1, PATIENCE))).containsExactly("new " + id);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE", mode = EnumSource.Mode.EXCLUDE)
    void tableThatMayNotBeReadAnyMoreHoldsUpNoOther(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String lost = orders(database);
        String table = orders(database);
        String user = "U" + table.toUpperCase(Locale.ROOT);
        String grantee = kind == Kind.MARIADB ? user + "@'127.0.0.1'" : user;
        database.execute(
                switch (kind) {
                    case MARIADB -> "CREATE USER " + grantee + " IDENTIFIED BY 'known'";
                    case H2 -> "CREATE USER " + user + " PASSWORD 'known'";
                    default -> "CREATE ROLE " + user + " LOGIN PASSWORD 'known'";
                },
                "GRANT SELECT ON " + database.sql(lost) + " TO " + grantee,
                "GRANT SELECT ON " + database.sql(table) + " TO " + grantee);
        String url = database.config().getOrDefault("connection.url", "").replace("localhost", "127.0.0.1");
        try (SourceHarness source = source(
                database,
                "mode",
                "incrementing",
                "incrementing.column.name",
                "id",
                "table.whitelist",
                lost + "," + table,
                "connection.url",
                url,
                "connection.user",
                kind == Kind.POSTGRESQL ? user.toLowerCase(Locale.ROOT) : user,
                "connection.password",
                "known")) {
            source.poll(6, PATIENCE);
            database.execute("REVOKE SELECT ON " + database.sql(lost) + " FROM " + grantee);
            for (int id = 4; id < 7; id++) {
                database.execute(insert(database.sql(table), id, "new " + id, "2024-01-01 10:00:02"));
                assertThat(items(source.poll(1, PATIENCE))).containsExactly("new " + id);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB", "H2"})
    void timeThatNoClockShowedIsRefused(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        String type = kind == Kind.MARIADB ? "DATETIME" : "TIMESTAMP";
        database.execute(
                "CREATE TABLE " + database.sql(table) + " (" + database.sql("at") + " " + type + ")",
                "INSERT INTO " + database.sql(table) + " VALUES ('2024-03-31 02:30:00')");
        String[] config = {
            "mode", "bulk", "table.whitelist", table, "db.timezone", "Europe/Berlin", "on.unreadable.value", "fail"
        };
        try (SourceHarness source = source(database, config)) {
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("column at of table")
                    .hasMessageContaining("no clock in Europe/Berlin showed");
        }
        config[config.length - 1] = "null";
        try (SourceHarness source = source(database, config)) {
            SourceRecord record = source.poll(1, PATIENCE).get(0);
            assertThat(((Struct) record.value()).get("at")).isNull();
        }
        config[1] = "timestamp";
        String[] followed = Arrays.copyOf(config, config.length + 4);
        System.arraycopy(
                new String[] {"timestamp.column.name", "at", "validate.non.null", "false"},
                0,
                followed,
                config.length,
                4);
        try (SourceHarness source = source(database, followed)) {
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .as("nobody could say where it is to go on")
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("the timestamp column at: ")
                    .hasMessageContaining("no clock in Europe/Berlin showed");
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
    @EnumSource(names = {"POSTGRESQL", "H2"})
    void textWithoutAZoneIsInThatOfTheSink(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        database.execute("CREATE TABLE " + database.sql(table) + " (" + database.sql("id") + " INTEGER, "
                + database.sql("item") + " TIMESTAMP WITH TIME ZONE)");
        for (String zone : List.of("UTC", "Asia/Tokyo", "+05:30")) {
            try (SinkHarness sink = sink(database, table, "db.timezone", zone)) {
                sink.put(row(table, (int) nextOffset, "2024-01-01 12:00:00"));
            }
        }
        assertThat(database.rows("SELECT CAST(EXTRACT(EPOCH FROM " + database.sql("item")
                        + ") AS BIGINT) - 1704110400 FROM " + database.sql(table) + " ORDER BY " + database.sql("id")))
                .containsExactly("0", "-32400", "-19800");
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
    @EnumSource(names = "MARIADB")
    void upsertWithoutAUniqueKeyIsRefused(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        for (String key : List.of("INDEX (id)", "UNIQUE (item)", "UNIQUE (id, item)")) {
            String table = database.newTable();
            database.execute("CREATE TABLE " + table + " (id INTEGER NOT NULL, item VARCHAR(20), " + key + ")");
            try (SinkHarness sink = sink(database, table, "insert.mode", "upsert", "pk.mode", "record_key")) {
                assertThatThrownBy(() -> sink.put(row(table, 1, "a")))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("has no unique key of the columns [id]");
            }
        }
    }

    /** It has no index of its own, and goes by that of its table. */
    @ParameterizedTest
    @EnumSource(names = "MARIADB")
    void upsertGoesThroughAView(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        database.execute("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, item VARCHAR(20))");
        database.execute("CREATE VIEW v_" + table + " AS SELECT id, item FROM " + table);
        try (SinkHarness sink =
                sink(database, "v_" + table, "insert.mode", "upsert", "pk.mode", "record_key", "table.types", "VIEW")) {
            sink.put(row("v_" + table, 1, "a"));
            sink.put(row("v_" + table, 1, "b"));
        }
        assertThat(written(database, table, "id", "item")).containsExactly("1,b");
    }

    /** Offsets of one would be taken for those of the other. */
    @ParameterizedTest
    @EnumSource
    void topicsThatDifferInCaseHaveOffsetsOfTheirOwn(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String positions = "positions_" + database.newTable();
        String table = orders(database);
        Map<String, String> config =
                database.config("topics", "a,A", "offsets.table", positions, "table.name.format", table);
        database.execute("ALTER TABLE " + database.sql(table) + " DROP COLUMN " + database.sql("updated"));
        try (SinkHarness sink = SinkHarness.start(
                new JdbcSinkConnector(), config, new TopicPartition("a", 0), new TopicPartition("A", 0))) {
            sink.put(row("a", 10, "a"));
            sink.put(row("A", 11, "A")
                    .newRecord(
                            "A",
                            0,
                            KEY,
                            new Struct(KEY).put("id", 11),
                            VALUE,
                            new Struct(VALUE).put("id", 11).put("item", "A"),
                            null));
        }
        assertThat(database.rows("SELECT " + database.sql("topic") + ", " + database.sql("next_offset") + " FROM "
                        + database.sql(positions)))
                .containsExactlyInAnyOrder("a,1", "A,2");
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void topicsOfOneTableAreRefusedWhateverTheirCase(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        String other = table.toUpperCase(Locale.ROOT);
        database.execute("ALTER TABLE " + database.sql(table) + " DROP COLUMN " + database.sql("updated"));
        try (SinkHarness sink = sink(database, table)) {
            SinkRecord record = row(table, 10, "a");
            SinkRecord ofOther = record.newRecord(
                    other, 0, record.keySchema(), record.key(), record.valueSchema(), record.value(), null);

            assertThatThrownBy(() -> sink.put(record, ofOther))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("would both go to the table");
        }
    }

    /** A row that no condition finds would be passed over. */
    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void valueThatIsNoMomentFailsTheTask(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = orders(database);
        String sql = database.sql(table);
        try (SourceHarness source =
                source(database, "mode", "timestamp", "timestamp.column.name", "updated", "table.whitelist", table)) {
            source.poll(3, PATIENCE);
            database.execute(insert(sql, 4, "d", "yesterday"));

            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("'yesterday' is no moment");
        }
    }

    /** Another table of the name, in which the server fills what is filled here. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "H2"})
    void columnsThatTheServerFillsAreThoseOfTheTableThatIsMeant(Kind kind) throws Exception {
        TestDatabase database = kind.database();
        String table = database.newTable();
        String other = kind == Kind.MARIADB ? "other_shop" : "A_SCHEMA";
        String plain =
                " (" + database.sql("id") + " INTEGER NOT NULL PRIMARY KEY, " + database.sql("item") + " VARCHAR(20))";
        String filled = " (" + database.sql("id") + " INTEGER NOT NULL PRIMARY KEY, " + database.sql("item")
                + " VARCHAR(20) GENERATED ALWAYS AS ('made'))";
        database.execute(
                "CREATE SCHEMA IF NOT EXISTS " + database.sql(other),
                "CREATE TABLE " + database.sql(table) + plain,
                "CREATE TABLE " + database.sql(other) + "." + database.sql(table) + filled);
        try (SinkHarness sink = sink(database, table)) {
            sink.put(row(table, 1, "a"));
        }
        try (SinkHarness sink = sink(database, table, "table.name.format", other + ".${topic}")) {
            sink.put(row(table, 1, "a"));
        }
        assertThat(written(database, table, "item")).containsExactly("a");
        assertThat(database.rows(
                        "SELECT " + database.sql("item") + " FROM " + database.sql(other) + "." + database.sql(table)))
                .containsExactly("made");
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
