/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SinkHarness;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each mode writes, and what it makes of tables that are not as records need them. */
final class SinkModesTest {

    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
    private static final Schema VALUE = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("item", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private Postgres postgres;
    private long nextOffset;

    @BeforeEach
    void createDatabase() throws SQLException {
        postgres = Postgres.newDatabase();
    }

    private SinkHarness start(String... config) {
        Map<String, String> all = postgres.config(config);
        all.putIfAbsent("topics", "orders");
        return SinkHarness.start(new JdbcSinkConnector(), all, new TopicPartition("orders", 0));
    }

    /** One whose worker takes no bad records. */
    private SinkHarness startIntolerant(String... config) {
        Map<String, String> all = postgres.config(config);
        all.putIfAbsent("topics", "orders");
        return SinkHarness.start(
                new JdbcSinkConnector(), all, SinkHarness.ErrorReporting.OFF, new TopicPartition("orders", 0));
    }

    private SinkRecord row(int id, @Nullable String item) {
        return record(id, VALUE, new Struct(VALUE).put("id", id).put("item", item));
    }

    private SinkRecord record(int id, @Nullable Schema schema, @Nullable Object value) {
        return new SinkRecord("orders", 0, KEY, new Struct(KEY).put("id", id), schema, value, nextOffset++);
    }

    private void createOrders() throws SQLException {
        postgres.execute("CREATE TABLE orders (id int PRIMARY KEY, item text)");
    }

    private List<String> orders() throws SQLException {
        return postgres.rows("SELECT id, item FROM orders ORDER BY id");
    }

    @Test
    void insertAddsRows() throws Exception {
        createOrders();
        try (SinkHarness sink = start()) {
            sink.put(row(1, "a"), row(2, null));
        }
        assertThat(orders()).containsExactly("1,a", "2,null");
    }

    @Test
    void upsertKeepsTheLastOfEachKeyAlsoWithinABatch() throws Exception {
        createOrders();
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_key")) {
            sink.put(row(1, "a"), row(2, "b"), row(1, "a2"));
            sink.put(row(2, "b2"));
        }
        assertThat(orders()).containsExactly("1,a2", "2,b2");
    }

    /** To a unique constraint two nulls are two values. */
    @Test
    void upsertByAKeyThatIsNullInPartIsRefusedAlone() throws Exception {
        postgres.execute("CREATE TABLE orders (id int, region text, item text, UNIQUE (id, region))");
        Schema key = SchemaBuilder.struct()
                .field("id", Schema.INT32_SCHEMA)
                .field("region", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_key")) {
            List<SinkRecord> records = new ArrayList<>();
            for (String region : Arrays.asList(null, "north", null)) {
                Struct of = new Struct(key).put("id", 1).put("region", region);
                Struct value = new Struct(VALUE).put("id", 1).put("item", "of " + region);
                records.add(new SinkRecord("orders", 0, key, of, VALUE, value, nextOffset++));
            }
            sink.put(records.toArray(SinkRecord[]::new));
            assertThat(sink.requests().errant())
                    .hasSize(2)
                    .allSatisfy(
                            each -> assertThat(each.error()).hasMessageContaining("the key's field region is null"));
        }
        assertThat(postgres.rows("TABLE orders")).containsExactly("1,north,of north");
    }

    @ParameterizedTest
    @CsvSource({"true, standard", "false, null"})
    void nullIsItsFieldsDefaultUnlessThatIsSwitchedOff(String replaced, String expected) throws Exception {
        createOrders();
        Schema schema = SchemaBuilder.struct()
                .field("id", Schema.INT32_SCHEMA)
                .field(
                        "item",
                        SchemaBuilder.string()
                                .optional()
                                .defaultValue("standard")
                                .build())
                .build();
        try (SinkHarness sink = start("replace.null.with.default", replaced)) {
            sink.put(record(1, schema, new Struct(schema).put("id", 1).put("item", null)));
        }
        assertThat(orders()).containsExactly("1," + expected);
    }

    /** One by one, and as PostgreSQL's own way for many. */
    @ParameterizedTest
    @ValueSource(strings = {"1000000", "1"})
    void rowsThatAreTooLongForOneStatementGoInSeveral(String bulkRows) throws Exception {
        createOrders();
        String long5M = "x".repeat(5_000_000);
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_key", "bulk.rows.min", bulkRows)) {
            sink.put(row(1, "a"), row(2, long5M), row(3, long5M + "y"), row(4, "b"), row(2, "c" + long5M));
        }
        assertThat(postgres.rows("SELECT id, left(item, 1), right(item, 1), length(item) FROM orders ORDER BY id"))
                .containsExactly("1,a,a,1", "2,c,x,5000001", "3,x,y,5000001", "4,b,b,1");
    }

    @Test
    void upsertOfKeysAloneLeavesExistingRowsAsTheyAre() throws Exception {
        createOrders();
        postgres.execute("INSERT INTO orders VALUES (1, 'kept')");
        try (SinkHarness sink =
                start("insert.mode", "upsert", "pk.mode", "record_key", "fields.whitelist", "nothing")) {
            sink.put(row(1, "a"), row(2, "b"));
        }
        assertThat(orders()).containsExactly("1,kept", "2,null");
    }

    @Test
    void updateChangesExistingRowsOnly() throws Exception {
        createOrders();
        postgres.execute("INSERT INTO orders VALUES (1, 'old')");
        try (SinkHarness sink = start("insert.mode", "update", "pk.mode", "record_value", "pk.fields", "id")) {
            sink.put(row(1, "new"), row(2, "b"));
        }
        assertThat(orders()).containsExactly("1,new");
    }

    @Test
    void recordWithoutValueDeletesInItsTurn() throws Exception {
        createOrders();
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_key", "delete.enabled", "true")) {
            sink.put(row(1, "a"), row(2, "b"), record(1, null, null), row(3, "c"), record(3, null, null), row(3, "c2"));
        }
        assertThat(orders()).containsExactly("2,b", "3,c2");
    }

    @Test
    void kafkaCoordinatesMakeRedeliveryHarmless() throws Exception {
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "kafka", "auto.create", "true")) {
            SinkRecord record = row(1, "a");
            sink.put(record);
            sink.put(record);
        }
        assertThat(postgres.rows("SELECT __connect_topic, __connect_partition, __connect_offset, id FROM orders"))
                .containsExactly("orders,0,0,1");
    }

    @Test
    void plainKeyFillsTheOneColumnNamed() throws Exception {
        createOrders();
        Schema item = SchemaBuilder.struct().field("item", Schema.STRING_SCHEMA).build();
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_key", "pk.fields", "id")) {
            sink.put(new SinkRecord("orders", 0, Schema.INT32_SCHEMA, 7, item, new Struct(item).put("item", "a"), 0));
        }
        assertThat(orders()).containsExactly("7,a");
    }

    @Test
    void missingTableIsCreatedWithFittingTypes() throws Exception {
        Schema schema = SchemaBuilder.struct()
                .field("id", Schema.INT32_SCHEMA)
                .field("price", Decimal.builder(2).optional().build())
                .field("at", Timestamp.builder().optional().build())
                .field(
                        "tags",
                        SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build())
                .field("raw", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("state", SchemaBuilder.string().defaultValue("it's new").build())
                .build();
        Struct value = new Struct(schema)
                .put("id", 1)
                .put("price", new BigDecimal("1.50"))
                .put("tags", List.of("a", "b"))
                .put("state", "x");
        try (SinkHarness sink = start("auto.create", "true", "pk.mode", "record_value", "pk.fields", "id")) {
            sink.put(record(1, schema, value));
        }
        assertThat(postgres.rows("SELECT column_name, data_type, is_nullable, column_default"
                        + " FROM information_schema.columns WHERE table_name = 'orders' ORDER BY ordinal_position"))
                .containsExactly(
                        "id,integer,NO,null",
                        "price,numeric,YES,null",
                        "at,timestamp without time zone,YES,null",
                        "tags,ARRAY,YES,null",
                        "raw,bytea,YES,null",
                        "state,text,NO,'it''s new'::text");
        assertThat(postgres.rows("SELECT id, price, tags, state FROM orders")).containsExactly("1,1.50,{a,b},x");
    }

    @Test
    void missingColumnsAreAdded() throws Exception {
        createOrders();
        Schema wider = SchemaBuilder.struct()
                .field("id", Schema.INT32_SCHEMA)
                .field("note", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        try (SinkHarness sink = start("auto.evolve", "true")) {
            sink.put(
                    row(1, "a"), record(2, wider, new Struct(wider).put("id", 2).put("note", "n")));
        }
        assertThat(postgres.rows("SELECT id, item, note FROM orders ORDER BY id"))
                .containsExactly("1,a,null", "2,null,n");
    }

    /** An empty column finds no row. */
    @Test
    void columnOfAKeyIsNotAddedForADeletion() throws Exception {
        postgres.execute("CREATE TABLE orders (number int PRIMARY KEY)");
        try (SinkHarness sink =
                startIntolerant("auto.evolve", "true", "pk.mode", "record_key", "delete.enabled", "true")) {
            assertThatThrownBy(() -> sink.put(record(1, null, null)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("has no column for the key's fields [id]");
        }
        assertThat(postgres.rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'orders'"))
                .containsExactly("number");
    }

    @Test
    void requiredColumnCannotBeAdded() throws Exception {
        createOrders();
        Schema wider =
                SchemaBuilder.struct().field("must", Schema.STRING_SCHEMA).build();
        try (SinkHarness sink = startIntolerant("auto.evolve", "true")) {
            assertThatThrownBy(() -> sink.put(record(1, wider, new Struct(wider).put("must", "x"))))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("cannot add column must to table orders");
        }
    }

    @Test
    void missingTableOrColumnIsNamedWithTheWayOut() throws Exception {
        postgres.execute("CREATE TABLE orders (id int)");
        try (SinkHarness sink = startIntolerant()) {
            postgres.execute("DROP TABLE orders");
            assertThatThrownBy(() -> sink.put(row(1, "a")))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("there is no table orders")
                    .hasMessageContaining("auto.create=true");
        }
        postgres.execute("CREATE TABLE orders (id int)");
        try (SinkHarness sink = startIntolerant()) {
            assertThatThrownBy(() -> sink.put(row(1, "a")))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("no column for the fields [item]")
                    .hasMessageContaining("auto.evolve=true");
        }
    }

    @Test
    void twoTasksMayCreateTheSameTable() throws Exception {
        try (SinkHarness one = start("auto.create", "true");
                SinkHarness other = start("auto.create", "true")) {
            one.put(row(1, "a"));
            other.put(row(2, "b"));
        }
        assertThat(orders()).containsExactly("1,a", "2,b");
    }

    @Test
    void mapsWithoutSchemaFillExistingColumns() throws Exception {
        postgres.execute("CREATE TABLE orders (id bigint, item text, price numeric, at timestamptz, day date)");
        Map<String, Object> value = new HashMap<>();
        value.put("id", 1L);
        value.put("item", null);
        value.put("price", 1.5);
        value.put("at", 1_700_000_000_123L);
        value.put("day", 19_000);
        try (SinkHarness sink = start()) {
            sink.put(record(1, null, value));
        }
        assertThat(postgres.rows("SELECT id, item, price, at at time zone 'utc', day FROM orders"))
                .containsExactly("1,null,1.5,2023-11-14 22:13:20.123,2022-01-08");
    }

    @Test
    void structuresBecomeJson() throws Exception {
        postgres.execute("CREATE TABLE orders (id int, extra jsonb)");
        Schema inner = SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).build();
        Schema outer = SchemaBuilder.struct()
                .field("id", Schema.INT32_SCHEMA)
                .field("extra", inner)
                .build();
        try (SinkHarness sink = start()) {
            sink.put(record(1, outer, new Struct(outer).put("id", 1).put("extra", new Struct(inner).put("a", 5))));
        }
        assertThat(postgres.rows("SELECT extra ->> 'a' FROM orders")).containsExactly("5");
    }

    @ParameterizedTest
    @CsvSource({
        "always, 'Drop\"; TABLE',  'a\"b'",
        "always, select, from",
        "always, 'Ünï cödé', 'x y'",
        "always, a'b, '?'",
    })
    void hostileNamesAreOnlyNames(String quoting, String table, String field) throws Exception {
        Schema schema = SchemaBuilder.struct().field(field, Schema.INT32_SCHEMA).build();
        try (SinkHarness sink = start(
                "auto.create",
                "true",
                "quote.sql.identifiers",
                quoting,
                "table.name.format",
                '"' + table.replace("\"", "\"\"") + '"')) {
            sink.put(record(1, schema, new Struct(schema).put(field, 42)));
        }
        assertThat(postgres.rows("SELECT table_name || '.' || column_name FROM information_schema.columns"
                        + " WHERE table_schema = 'public'"))
                .containsExactly(table + "." + field);
    }

    @Test
    void unquotedNamesAreRefusedUnlessPlain() throws Exception {
        Schema schema = SchemaBuilder.struct()
                .field("a; DROP TABLE x", Schema.INT32_SCHEMA)
                .build();
        try (SinkHarness sink = startIntolerant("auto.create", "true", "quote.sql.identifiers", "never")) {
            assertThatThrownBy(() -> sink.put(record(1, schema, new Struct(schema).put("a; DROP TABLE x", 1))))
                    .hasMessageContaining("needs quotes; set quote.sql.identifiers=always");
        }
    }

    @Test
    void unquotedNamesFindTablesOfAnyCase() throws Exception {
        createOrders();
        Schema schema = SchemaBuilder.struct().field("ID", Schema.INT32_SCHEMA).build();
        try (SinkHarness sink = start("quote.sql.identifiers", "never", "table.name.format", "Public.Orders")) {
            sink.put(record(1, schema, new Struct(schema).put("ID", 1)));
        }
        assertThat(orders()).containsExactly("1,null");
    }

    @Test
    void manyRecordsGoInBatches() throws Exception {
        createOrders();
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            records.add(row(i, "item " + i));
        }
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_key")) {
            sink.put(records);
        }
        assertThat(postgres.rows("SELECT count(*), max(id) FROM orders")).containsExactly("10000,9999");
    }

    @ParameterizedTest
    @CsvSource({
        "microseconds, 1700000000123456, 2023-11-14 22:13:20.123456",
        "nanoseconds, 1700000000123456000, 2023-11-14 22:13:20.123456",
        "microseconds, -1, 1969-12-31 23:59:59.999999"
    })
    void numbersOfNamedFieldsAreMoments(String precision, long number, String expected) throws Exception {
        Schema schema = SchemaBuilder.struct()
                .field("a", Schema.INT64_SCHEMA)
                .field("b", Schema.OPTIONAL_STRING_SCHEMA)
                .field("c", Schema.OPTIONAL_STRING_SCHEMA)
                .field("n", Schema.INT64_SCHEMA)
                .build();
        Struct value = new Struct(schema)
                .put("a", number)
                .put("b", String.valueOf(number))
                .put("c", "2024-01-01T10:00:00.5")
                .put("n", number);
        try (SinkHarness sink =
                start("auto.create", "true", "timestamp.fields.list", "a,b,c", "timestamp.precision.mode", precision)) {
            sink.put(record(1, schema, value));
        }
        assertThat(postgres.rows("SELECT a, b, c, n FROM orders"))
                .containsExactly(expected + "," + expected + ",2024-01-01 10:00:00.5," + number);
        assertThat(postgres.rows("SELECT data_type FROM information_schema.columns WHERE table_name = 'orders'"
                        + " AND column_name = 'a'"))
                .containsExactly("timestamp without time zone");
    }

    @Test
    void namedFieldGoesIntoJsonAsText() throws Exception {
        postgres.execute("CREATE TABLE orders (id int, moment jsonb)");
        Schema schema = SchemaBuilder.struct()
                .field("id", Schema.INT32_SCHEMA)
                .field("moment", Schema.INT64_SCHEMA)
                .build();
        try (SinkHarness sink = start("timestamp.fields.list", "moment")) {
            sink.put(record(1, schema, new Struct(schema).put("id", 1).put("moment", 1_704_103_200_500_000L)));
        }
        assertThat(postgres.rows("SELECT moment FROM orders")).containsExactly("\"2024-01-01T10:00:00.500Z\"");
    }

    @Test
    void namedFieldOfAnotherTypeIsRefused() throws Exception {
        createOrders();
        try (SinkHarness sink = start("timestamp.fields.list", "id")) {
            sink.put(row(1, "a"));
            assertThat(OrdersSink.errors(sink)).singleElement().asString().contains("timestamp.fields.list names id");
        }
    }

    @Test
    void textWithoutFieldsGoesIntoTheColumnThatIsNamed() throws Exception {
        try (SinkHarness sink = start(
                "auto.create",
                "true",
                "string.output.value.column.name",
                "line",
                "pk.mode",
                "record_key",
                "insert.mode",
                "upsert")) {
            sink.put(record(1, Schema.STRING_SCHEMA, "first"), record(1, Schema.STRING_SCHEMA, "changed"));
            sink.put(record(2, null, "second"), record(3, Schema.INT32_SCHEMA, 3));
            assertThat(OrdersSink.errors(sink)).singleElement().asString().contains("Integer without fields");
        }
        assertThat(postgres.rows("SELECT id, line FROM orders ORDER BY id")).containsExactly("1,changed", "2,second");
    }
}
