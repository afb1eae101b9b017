/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SinkHarness;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows written in bulk are those that statements write. */
final class SinkBulkTest {

    private static final String COLUMNS =
            "id serial PRIMARY KEY, n bigint, x double precision, r real, p numeric(12,3), b boolean, s text, v varchar(9),"
                    + " raw bytea, at timestamptz, ts timestamp(0), tags text[], j jsonb, u uuid, e mood, f char(3), bits bit(3), grid int[],"
                    + " big bigserial";
    /** All but the column that no record fills. */
    private static final String SHOWN = "id, n, x, r, p, b, s, v, raw, at, ts, tags, j, u, e, f, bits, grid";

    private static final Schema ROW = OrdersSink.schema(
            "id", Schema.INT32_SCHEMA,
            "n", Schema.OPTIONAL_INT64_SCHEMA,
            "x", Schema.OPTIONAL_FLOAT64_SCHEMA,
            "r", Schema.OPTIONAL_FLOAT32_SCHEMA,
            "p", Decimal.builder(3).optional().build(),
            "b", Schema.OPTIONAL_BOOLEAN_SCHEMA,
            "s", Schema.OPTIONAL_STRING_SCHEMA,
            "v", Schema.OPTIONAL_STRING_SCHEMA,
            "raw", Schema.OPTIONAL_BYTES_SCHEMA,
            "at", Timestamp.builder().optional().build(),
            "ts", Timestamp.builder().optional().build(),
            "tags",
                    SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA)
                            .optional()
                            .build(),
            "j", Schema.OPTIONAL_STRING_SCHEMA,
            "u", Schema.OPTIONAL_STRING_SCHEMA,
            "e", Schema.OPTIONAL_STRING_SCHEMA,
            "f", Schema.OPTIONAL_STRING_SCHEMA,
            "bits", Schema.OPTIONAL_STRING_SCHEMA,
            "grid",
                    SchemaBuilder.array(SchemaBuilder.array(Schema.INT32_SCHEMA).build())
                            .optional()
                            .build());
    private static final Schema NARROW =
            OrdersSink.schema("id", Schema.INT32_SCHEMA, "s", Schema.OPTIONAL_STRING_SCHEMA);
    private static final String[] TEXTS = {
        "", "plain", "tab\tnew\nline\rend\\", "\\N", "\\.", "\"quoted\" 'and' {braces}, NULL", "ünï\uD83D\uDE00", " "
    };

    private final Random random = new Random(7);

    private List<SinkRecord> changes(OrdersSink orders, boolean keysRepeat) {
        List<SinkRecord> changes = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int id = keysRepeat ? random.nextInt(60) : i;
            int kind = random.nextInt(10);
            if (keysRepeat && kind == 0) {
                changes.add(orders.deletion(id));
            } else if (kind == 1) {
                changes.add(orders.keyed(id, orders.struct(NARROW, id, oneOf(TEXTS))));
            } else {
                changes.add(orders.keyed(id, orders.struct(ROW, values(id))));
            }
        }
        return changes;
    }

    private @Nullable Object[] values(int id) {
        return new Object[] {
            id,
            maybe(random.nextLong()),
            maybe(oneOf(0.1, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e300, random.nextDouble())),
            maybe(oneOf(0.1f, Float.POSITIVE_INFINITY, random.nextFloat())),
            maybe(BigDecimal.valueOf(random.nextInt(), 3)),
            maybe(random.nextBoolean()),
            maybe(oneOf(TEXTS)),
            // Now and then too long.
            maybe(random.nextInt(50) == 0 ? "much too long" : "fits"),
            maybe(new byte[] {(byte) random.nextInt(), '\\', 0, '\n'}),
            maybe(moment()),
            maybe(moment()),
            maybe(List.of(oneOf(TEXTS), oneOf(TEXTS))),
            maybe("{\"a\": [1, \"\\u00e9\\\\\"]}"),
            maybe("00000000-0000-0000-0000-00000000000f"),
            maybe(oneOf("happy", "sad")),
            maybe(oneOf("a", "abc")),
            maybe("101"),
            maybe(List.of(List.of(1, 2), List.of(3, 4)))
        };
    }

    private Date moment() {
        return oneOf(
                new Date(random.nextInt() * 1000L + random.nextInt(1000)),
                new Date(-62_200_000_000_000L),
                new Date(253_500_000_000_000L),
                new Date(9_223_372_036_825_200_000L));
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    private @Nullable Object maybe(Object value) {
        return random.nextInt(8) == 0 ? null : value;
    }

    @ParameterizedTest
    @CsvSource({"insert, false", "upsert, true", "update, true"})
    void randomChangesLeaveTheSameRowsAndReports(String mode, boolean keysRepeat) throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE TABLE one (" + COLUMNS + ")",
                "CREATE TABLE other (" + COLUMNS + ")",
                "INSERT INTO one (id, s) SELECT i, 'old' FROM generate_series(" + (keysRepeat ? "0, 40" : "990, 999")
                        + ") i",
                "INSERT INTO other SELECT * FROM one");
        List<SinkRecord> changes = changes(orders, keysRepeat);
        List<Long> refused = null;
        for (String table : List.of("one", "other")) {
            try (SinkHarness sink = orders.start(
                    "table.name.format",
                    table,
                    "bulk.rows.min",
                    table.equals("one") ? "0" : "1",
                    "insert.mode",
                    mode,
                    "pk.mode",
                    "record_key",
                    "delete.enabled",
                    "true")) {
                for (int from = 0; from < changes.size(); from += 50) {
                    sink.put(changes.subList(from, from + 50));
                }
                // An UPDATE of a row that is not there tries no value.
                if (refused != null && !mode.equals("update")) {
                    assertThat(OrdersSink.reported(sink)).isEqualTo(refused);
                }
                refused = OrdersSink.reported(sink);
            }
        }
        assertThat(refused).isNotEmpty();
        assertThat(orders.database().rows("SELECT " + SHOWN + " FROM other ORDER BY id"))
                .isEqualTo(orders.database().rows("SELECT " + SHOWN + " FROM one ORDER BY id"))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void rulesOfATableHold(String bulk) throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE orders (id int PRIMARY KEY, s text)",
                "CREATE TABLE elsewhere (id int PRIMARY KEY, s text)",
                "CREATE RULE away AS ON INSERT TO orders DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)");
        try (SinkHarness sink = orders.start("bulk.rows.min", bulk)) {
            sink.put(orders.struct(NARROW, 1, "a"), orders.struct(NARROW, 2, "b"));
            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id")).isEmpty();
        assertThat(orders.database().rows("SELECT id FROM elsewhere")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void numberIsATruthValueIfItIsZeroOrOne(String bulk) throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, b boolean)");
        try (SinkHarness sink = orders.start("bulk.rows.min", bulk)) {
            sink.put(orders.map("id", 1, "b", 1), orders.map("id", 2, "b", 0L), orders.map("id", 3, "b", 2));
            assertThat(OrdersSink.reported(sink)).containsExactly(2L);
        }
        assertThat(orders.rows("id", "b")).containsExactly("1,t", "2,f");
    }

    /** Which have a semicolon between two of them in an array. */
    @ParameterizedTest
    @CsvSource({"insert, 0", "insert, 1", "upsert, 0", "upsert, 1"})
    void boxesAndArraysOfThemAreWritten(String mode, String bulk) throws Exception {
        Schema row = OrdersSink.schema(
                "id", Schema.INT32_SCHEMA,
                "b", Schema.STRING_SCHEMA,
                "bs", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build());
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, b box, bs box[])");
        try (SinkHarness sink = orders.start("insert.mode", mode, "bulk.rows.min", bulk, "pk.mode", "record_key")) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                records.add(orders.keyed(
                        i, orders.struct(row, i, "(3,4),(1,2)", Arrays.asList("(2,2),(1,1)", null, "(4,4),(3,3)"))));
            }
            sink.put(records);
            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "b", "bs"))
                .hasSize(3)
                .allSatisfy(each -> assertThat(each).endsWith(",(3,4),(1,2),{(2,2),(1,1);NULL;(4,4),(3,3)}"));
    }

    @Test
    void tableThatTakesNoCopyIsWrittenByStatements() throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE base (id int PRIMARY KEY, s text)", "CREATE VIEW orders AS SELECT * FROM base");
        try (SinkHarness sink = orders.start("bulk.rows.min", "1")) {
            for (int i = 0; i < 5; i++) {
                sink.put(orders.struct(NARROW, i, "a"));
            }
            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id")).hasSize(5);
    }
}
