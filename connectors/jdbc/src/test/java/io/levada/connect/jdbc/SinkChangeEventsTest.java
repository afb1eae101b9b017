/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SinkHarness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events of change capture, ours and Debezium's, change rows as they were changed at their source. */
final class SinkChangeEventsTest {

    private static final String UNAVAILABLE = "__debezium_unavailable_value";
    private static final Schema ROW = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("item", Schema.OPTIONAL_STRING_SCHEMA)
            .field("doc", Schema.OPTIONAL_STRING_SCHEMA)
            .field("raw", Schema.OPTIONAL_BYTES_SCHEMA)
            .optional()
            .build();
    private static final Schema EVENT = SchemaBuilder.struct()
            .name("shop.public.orders.Envelope")
            .field("before", ROW)
            .field("after", ROW)
            .field("source", SchemaBuilder.struct().optional().build())
            .field("op", Schema.STRING_SCHEMA)
            .build();

    private OrdersSink orders;

    @BeforeEach
    void createOrders() throws Exception {
        orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, item text, doc text NOT NULL, raw bytea)");
    }

    private SinkHarness start() {
        return orders.start(
                "insert.mode", "upsert",
                "pk.mode", "record_key",
                "delete.enabled", "true",
                "truncate.enabled", "true",
                "unwrap.change.events", "true");
    }

    private static Struct row(int id, @Nullable String item, @Nullable String doc) {
        return new Struct(ROW).put("id", id).put("item", item).put("doc", doc).put("raw", ByteBuffer.wrap(new byte[] {1
        }));
    }

    private SinkRecord event(String op, int id, @Nullable Struct before, @Nullable Struct after) {
        return orders.keyed(id, orders.struct(EVENT, before, after, null, op));
    }

    @Test
    void eventsOfEachKindChangeTheirRow() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(
                    event("r", 1, null, row(1, "a", "long")),
                    event("c", 2, null, row(2, "b", "long")),
                    event("u", 1, row(1, "a", "long"), row(1, "a2", "longer")),
                    event("d", 2, row(2, "b", "long"), null),
                    orders.deletion(2),
                    event("c", 3, null, row(3, "c", "long")));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "item", "doc", "raw")).containsExactly("1,a2,longer,\\x01", "3,c,long,\\x01");
    }

    @Test
    void truncationEmptiesTheTableInItsTurn() throws Exception {
        orders.database().execute("INSERT INTO orders VALUES (9, 'old', 'x')");
        try (SinkHarness sink = start()) {
            sink.put(
                    event("c", 1, null, row(1, "a", "x")),
                    orders.struct(EVENT, null, null, null, "t"),
                    event("c", 2, null, row(2, "b", "x")));
        }
        assertThat(orders.rows("id")).containsExactly("2");
    }

    @Test
    void whatAnEventDoesNotTellStaysAsItIs() throws Exception {
        orders.database().execute("INSERT INTO orders VALUES (1, 'a', 'very long', '\\xff')");
        Struct untold =
                row(1, "a2", UNAVAILABLE).put("raw", ByteBuffer.wrap(UNAVAILABLE.getBytes(StandardCharsets.UTF_8)));
        try (SinkHarness sink = start()) {
            sink.put(event("u", 1, null, untold), event("u", 5, null, row(5, "gone", UNAVAILABLE)));

            assertThat(OrdersSink.reported(sink)).containsExactly(1L);
            assertThat(OrdersSink.errors(sink).get(0)).contains("the row that has the others is not in table orders");
        }
        assertThat(orders.rows("id", "item", "doc", "raw")).containsExactly("1,a2,very long,\\xff");
    }

    @Test
    void changesOfTheSameRowKeepTheirOrderWhateverTheyTell() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(
                    event("c", 1, null, row(1, "a", "first")),
                    event("u", 1, null, row(1, "b", UNAVAILABLE)),
                    event("u", 1, null, row(1, "c", UNAVAILABLE)),
                    event("c", 2, null, row(2, "x", "second")),
                    event("u", 2, null, row(2, "y", UNAVAILABLE)),
                    event("d", 2, null, null),
                    event("c", 2, null, row(2, "z", "third")));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "item", "doc")).containsExactly("1,c,first", "2,z,third");
    }

    @Test
    void eventsWithoutSchemasAndPlainRecordsAreTakenToo() throws Exception {
        Map<String, Object> event = Map.of(
                "op", "c", "source", Map.of(), "after", Map.of("id", 1, "item", "a", "doc", "d", "raw", new byte[] {2
                }));
        try (SinkHarness sink = start()) {
            sink.put(
                    orders.keyed(1, orders.map().newRecord("orders", 0, null, null, null, event, null)),
                    orders.keyed(2, orders.struct(ROW, 2, "b", "d", null)));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "item", "raw")).containsExactly("1,a,\\x02", "2,b,null");
    }

    @Test
    void whatIsNotAskedForIsRefusedAndNotPassedOver() throws Exception {
        try (SinkHarness sink =
                orders.start("insert.mode", "upsert", "pk.mode", "record_key", "unwrap.change.events", "true")) {
            sink.put(
                    event("d", 2, row(2, "b", "long"), null),
                    orders.struct(EVENT, null, null, null, "t"),
                    orders.struct(EVENT, null, null, null, "m"));

            assertThat(OrdersSink.errors(sink))
                    .satisfiesExactly(
                            d -> assertThat(d).contains("delete.enabled=true"),
                            t -> assertThat(t).contains("truncate.enabled=true"),
                            m -> assertThat(m).contains("operation m changes no row"));
        }
    }

    @Test
    void rowsOfAKeyInTheValueAreDeletedByWhatTheyWere() throws Exception {
        orders.database().execute("INSERT INTO orders VALUES (1, 'a', 'x'), (2, 'b', 'x')");
        try (SinkHarness sink = orders.start(
                "insert.mode", "upsert",
                "pk.mode", "record_value",
                "pk.fields", "id",
                "delete.enabled", "true",
                "unwrap.change.events", "true")) {
            sink.put(event("d", 2, row(2, "b", "x"), null), orders.deletion(2));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id")).containsExactly("1");
    }

    @Test
    void typesThatDebeziumNamesAreRead() throws Exception {
        orders.database()
                .execute(
                        "DROP TABLE orders; CREATE TABLE orders (id int PRIMARY KEY, d date, t time, ts timestamp, n numeric,"
                                + " b bit(3), i interval, tz timestamptz)");
        Schema decimal = SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA)
                .build();
        Schema row = OrdersSink.schema(
                "id", Schema.INT32_SCHEMA,
                "d", SchemaBuilder.int32().name("io.debezium.time.Date").build(),
                "t", SchemaBuilder.int64().name("io.debezium.time.MicroTime").build(),
                "ts",
                        SchemaBuilder.int64()
                                .name("io.debezium.time.MicroTimestamp")
                                .build(),
                "n", decimal,
                "b",
                        SchemaBuilder.bytes()
                                .name("io.debezium.data.Bits")
                                .parameter("length", "3")
                                .build(),
                "i",
                        SchemaBuilder.int64()
                                .name("io.debezium.time.MicroDuration")
                                .build(),
                "tz",
                        SchemaBuilder.string()
                                .name("io.debezium.time.ZonedTimestamp")
                                .build());
        Struct number = new Struct(decimal).put("scale", 2).put("value", new byte[] {5});
        List<Object> values = List.of(
                1, 1, 86_400_000_000L, 1_000_001L, number, new byte[] {5}, 1_500_000L, "2024-01-01T10:00:00.5Z");
        try (SinkHarness sink = orders.start()) {
            sink.put(orders.struct(row, values.toArray()));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "d", "t", "ts", "n", "b", "i", "tz AT TIME ZONE 'utc'"))
                .containsExactly(
                        "1,1970-01-02,24:00:00,1970-01-01 00:00:01.000001,0.05,101,00:00:01.5,2024-01-01 10:00:00.5");
    }

    @ParameterizedTest
    @CsvSource({
        "MicroTimestamp, 9223372036825200000, infinity",
        "MicroTimestamp, -9223372036832400000, -infinity",
        "MicroTimestamp, 9223372036854775807, infinity",
        "NanoTimestamp, -9223372036854775808, -infinity",
        "Timestamp, 9223372036825200, infinity",
        "Timestamp, -9223372036832400, -infinity",
        "Timestamp, 9223372036825200000, infinity",
        "Timestamp, 9000000000000, 2255-03-14 16:00:00",
    })
    void infinityIsReadInEveryFormThatDebeziumGivesIt(String type, long value, String written) throws Exception {
        orders.database().execute("DROP TABLE orders", "CREATE TABLE orders (ts timestamp)");
        Schema row = OrdersSink.schema(
                "ts", SchemaBuilder.int64().name("io.debezium.time." + type).build());
        try (SinkHarness sink = orders.start()) {
            sink.put(orders.struct(row, value));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("ts::text")).containsExactly(written);
    }
}
