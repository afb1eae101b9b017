/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SinkHarness;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault that lies in one record costs that record alone, wherever it shows, and is told by its cause. */
final class SinkFaultsTest {

    private static final Schema ROW =
            OrdersSink.schema("id", Schema.INT32_SCHEMA, "item", Schema.OPTIONAL_STRING_SCHEMA);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fieldWithoutColumnCostsItsRecordAlone(boolean evolve) throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int)");
        try (SinkHarness sink = orders.start("auto.evolve", String.valueOf(evolve))) {
            sink.put(orders.map("id", 1), orders.map("id", 2, "odd", 5), orders.map("id", 3));

            assertThat(OrdersSink.reported(sink)).containsExactly(1L);
            assertThat(OrdersSink.errors(sink).get(0)).contains("odd");
        }
        assertThat(orders.rows("id")).containsExactly("1", "3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Checked at the commit alone.
                "a deferred constraint | item text, UNIQUE (item) DEFERRABLE INITIALLY DEFERRED | same | duplicate key",
                // Refused by the user's own code, and by the limit of an index.
                "a trigger | item text | CALL | refused here",
                "a limit | item text UNIQUE | LONG | index row",
                "a check | item text CHECK (item <> 'no') | no | violates check",
                "half of a character | item text | HALF | half of a character",
                "a view's condition | item text | no | -",
            })
    void recordThatTheServerRefusesIsAlone(String what, String columns, String bad, String told) throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE orders (id int PRIMARY KEY, " + columns + ")",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'refused here'; END $$",
                "CREATE TRIGGER refusing BEFORE INSERT ON orders FOR EACH ROW WHEN (NEW.item = 'CALL')"
                        + " EXECUTE FUNCTION refuse()");
        if (told.equals("-")) {
            orders.database()
                    .execute(
                            "ALTER TABLE orders RENAME TO base",
                            "CREATE VIEW orders AS SELECT * FROM base WHERE item <> 'no' WITH CHECK OPTION");
        }
        String value = switch (bad) {
            case "LONG" -> unpackable();
            case "HALF" -> "\uD83D";
            default -> bad;
        };
        try (SinkHarness sink = orders.start()) {
            sink.put(
                    orders.struct(ROW, 1, "same"),
                    orders.struct(ROW, 2, "b"),
                    orders.struct(ROW, 3, value),
                    orders.struct(ROW, 4, "d"));

            assertThat(OrdersSink.reported(sink)).containsExactly(2L);
            assertThat(OrdersSink.errors(sink).get(0)).contains(told.equals("-") ? "check option" : told);
        }
        assertThat(orders.rows("id")).containsExactly("1", "2", "4");
    }

    /** Text that no compression makes small. */
    private static String unpackable() {
        StringBuilder text = new StringBuilder();
        new java.util.Random(1).ints(20_000, 0x4e00, 0x9fff).forEach(c -> text.append((char) c));
        return text.toString();
    }

    @Test
    void valueThatItsColumnCannotHoldAsItIsIsRefusedByName() throws Exception {
        Schema schema = OrdersSink.schema(
                "id", Schema.INT32_SCHEMA,
                "t", Time.builder().optional().build(),
                "d", org.apache.kafka.connect.data.Date.builder().optional().build(),
                "whole", Schema.OPTIONAL_FLOAT64_SCHEMA,
                "price", Decimal.builder(3).optional().build(),
                "day", Timestamp.builder().optional().build(),
                "wide", Schema.OPTIONAL_INT64_SCHEMA);
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE orders (id int, t time, d date, whole int, price numeric(5,2), day date, wide float8)");
        Date noon = new Date(12 * 3_600_000L);
        try (SinkHarness sink = orders.start()) {
            sink.put(
                    orders.struct(
                            schema,
                            1,
                            new Date(86_400_000L),
                            new Date(0),
                            1.0,
                            new BigDecimal("1.500"),
                            new Date(0),
                            1L),
                    orders.struct(schema, 2, new Date(86_400_001L), null, null, null, null, null),
                    orders.struct(schema, 3, null, new Date(Long.MAX_VALUE), null, null, null, null),
                    orders.struct(schema, 4, null, null, 1.5, null, null, null),
                    orders.struct(schema, 5, null, null, null, new BigDecimal("1.501"), null, null),
                    orders.struct(schema, 6, null, null, null, null, noon, null),
                    orders.struct(schema, 7, null, null, null, null, null, (1L << 53) + 1));

            assertThat(OrdersSink.reported(sink)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(OrdersSink.errors(sink))
                    .satisfiesExactly(
                            t -> assertThat(t).contains("field t").contains("column t"),
                            d -> assertThat(d).contains("date"),
                            whole -> assertThat(whole).contains("field whole has a fraction"),
                            price -> assertThat(price).contains("field price has more digits"),
                            day -> assertThat(day).contains("field day has a time of day"),
                            wide -> assertThat(wide).contains("field wide has more digits"));
        }
        assertThat(orders.rows("id", "t", "d", "whole", "price", "day", "wide"))
                .containsExactly("1,24:00:00,1970-01-01,1,1.50,1970-01-01,1");
    }

    @Test
    void badRecordIsReportedOnceAndAfterTheOthersAreCommitted() throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE orders (id int PRIMARY KEY, item text)",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$",
                "CREATE TRIGGER busy BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()");
        SinkRecord[] records = {orders.struct(ROW, 1, "a"), orders.text()};
        try (SinkHarness sink = orders.start()) {
            assertThatThrownBy(() -> sink.put(records)).isInstanceOf(RetriableException.class);
            assertThat(OrdersSink.reported(sink)).isEmpty();
            orders.database().execute("DROP TRIGGER busy ON orders");

            sink.put(records);

            assertThat(OrdersSink.reported(sink)).containsExactly(1L);
        }
        assertThat(orders.rows("id")).containsExactly("1");
    }

    @Test
    void whereNoneIsToleratedTheFirstBadRecordFailsTheTaskAndNothingIsWritten() throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, item varchar(3))");
        try (SinkHarness sink = orders.start(SinkHarness.ErrorReporting.OFF)) {
            assertThatThrownBy(() -> sink.put(
                            orders.struct(ROW, 1, "a"),
                            orders.struct(ROW, 2, "long"),
                            orders.map("id", 3, "odd", 1),
                            orders.struct(ROW, 4, "d")))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("orders-0 offset 1")
                    .hasMessageContaining("too long");
        }
        assertThat(orders.rows("id")).isEmpty();
    }

    @Test
    void rowThatComesBeforeTheOneItRefersToIsWritten() throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE shops (id int PRIMARY KEY)", "CREATE TABLE orders (id int REFERENCES shops, item text)");
        Schema shop = OrdersSink.schema("id", Schema.INT32_SCHEMA);
        try (SinkHarness sink = orders.start()) {
            sink.put(
                    orders.struct(ROW, 1, "a"),
                    orders.struct(ROW, 9, "no such shop"),
                    orders.struct(shop, 1)
                            .newRecord(
                                    "shops",
                                    0,
                                    null,
                                    null,
                                    shop,
                                    orders.struct(shop, 1).value(),
                                    null));

            assertThat(OrdersSink.reported(sink)).containsExactly(1L);
        }
        assertThat(orders.rows("id", "item")).containsExactly("1,a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE orders ADD wet boolean",
                "DROP TABLE orders; CREATE TABLE orders (wet boolean, item text, id bigint PRIMARY KEY)",
                "ALTER TABLE orders RENAME TO base; CREATE VIEW orders AS SELECT id, item, note AS wet FROM base",
                "ALTER TABLE orders ALTER item TYPE varchar(100), ALTER id TYPE text, ADD wet text",
                "ALTER TABLE orders RENAME note TO wet",
            })
    void whatChangesInTheDatabaseUnderTheTaskIsFound(String change) throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, item text, note boolean)");
        Schema wider = OrdersSink.schema("id", Schema.INT32_SCHEMA, "wet", Schema.OPTIONAL_BOOLEAN_SCHEMA);
        try (SinkHarness sink = orders.start()) {
            sink.put(orders.struct(ROW, 1, "a"));
            orders.database().execute(change);

            sink.put(orders.struct(ROW, 2, "b"), orders.struct(wider, 3, true));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "item", "wet"))
                .contains("2,b,null")
                .anySatisfy(row -> assertThat(row).startsWith("3,null,t"));
    }

    @Test
    void keyThatIsMadeAnewUnderTheTaskIsUsed() throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, item text)");
        try (SinkHarness sink = orders.start("insert.mode", "upsert", "pk.mode", "record_value", "pk.fields", "id")) {
            sink.put(orders.struct(ROW, 1, "a"));
            orders.database()
                    .execute(
                            "DROP TABLE orders; CREATE TABLE orders (item text, id numeric UNIQUE, more int DEFAULT 7)");

            sink.put(orders.struct(ROW, 1, "b"), orders.struct(ROW, 1, "c"));
        }
        assertThat(orders.rows("id", "item", "more")).containsExactly("1,c,7");
    }

    @Test
    void columnsThatTheServerFillsAreLeftToIt() throws Exception {
        Schema schema = OrdersSink.schema(
                "id", Schema.OPTIONAL_INT32_SCHEMA,
                "item", Schema.STRING_SCHEMA,
                "length", Schema.OPTIONAL_INT32_SCHEMA,
                "state", Schema.OPTIONAL_STRING_SCHEMA);
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY, item text,"
                + " length int GENERATED ALWAYS AS (length(item)) STORED, state text NOT NULL DEFAULT 'new')");
        try (SinkHarness sink = orders.start()) {
            sink.put(orders.struct(schema, 70, "seven", 9, "old"), orders.struct(schema, null, "eight", null, null));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "item", "length", "state")).containsExactly("1,eight,5,new", "70,seven,5,old");
    }

    /** Of a row that is there the server lets nobody change it. */
    @ParameterizedTest
    @CsvSource({"0", "1"})
    void numberOfAnIdentityColumnBesideTheKeyIsWrittenWithTheRow(String bulkRowsMin) throws Exception {
        Schema schema =
                OrdersSink.schema("id", Schema.INT32_SCHEMA, "n", Schema.INT32_SCHEMA, "item", Schema.STRING_SCHEMA);
        OrdersSink orders = new OrdersSink(
                "CREATE TABLE orders (id int PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, item text)");
        try (SinkHarness sink = orders.start(
                "insert.mode", "upsert", "pk.mode", "record_value", "pk.fields", "id", "bulk.rows.min", bulkRowsMin)) {
            sink.put(orders.struct(schema, 1, 70, "a"));
            sink.put(orders.struct(schema, 1, 71, "b"), orders.struct(schema, 2, 80, "c"));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "n", "item")).containsExactly("1,70,b", "2,80,c");
    }

    @ParameterizedTest
    @CsvSource({"insert", "upsert"})
    void namesThatTheServerWouldCutOrJoinAreRefused(String mode) throws Exception {
        String cut = "x".repeat(63);
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int PRIMARY KEY, item text, " + cut + " int)");
        try (SinkHarness sink = orders.start(
                "quote.sql.identifiers", "never", "insert.mode", mode, "pk.mode", "record_value", "pk.fields", "id")) {
            sink.put(
                    orders.map("id", 1, "item", "a"),
                    orders.map("id", 2, "item", "b", "ITEM", "B"),
                    orders.map("id", 3, cut + "y", 1));

            assertThat(OrdersSink.reported(sink)).containsExactly(1L, 2L);
            assertThat(OrdersSink.errors(sink).get(0)).contains("both go to column item");
            assertThat(OrdersSink.errors(sink).get(1)).contains("longer than the 63 bytes");
        }
        assertThat(orders.rows("id", "item")).containsExactly("1,a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "elsewhere.public.orders | x | another database than",
                "Orders | orders | both go to the table orders",
            })
    void topicsThatLeadToNoTableOfTheirOwnFailByName(String one, String other, String message) throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int)");
        Map<String, Object> value = Map.of("id", 1);
        try (SinkHarness sink = orders.start("quote.sql.identifiers", "never")) {
            assertThatThrownBy(() -> sink.put(
                            new SinkRecord(one, 0, null, null, null, value, 1),
                            new SinkRecord(other, 0, null, null, null, value, 1)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(message);
        }
        assertThat(orders.rows("id")).isEmpty();
    }

    @Test
    void coordinatesAreThoseOfTheTopicThatWasRead() throws Exception {
        OrdersSink orders = new OrdersSink();
        try (SinkHarness sink = orders.start(
                "pk.mode", "kafka", "auto.create", "true", "insert.mode", "upsert", "table.name.format", "orders")) {
            SinkRecord routed = orders.map("id", 1)
                    .newRecord(
                            "elsewhere",
                            7,
                            null,
                            null,
                            ROW,
                            orders.struct(ROW, 1, "a").value(),
                            null);
            sink.put(routed);
        }
        assertThat(orders.rows("__connect_topic", "__connect_partition", "__connect_offset", "id"))
                .containsExactly("orders,0,0,1");
    }

    @Test
    void unreachableDatabaseIsTriedOnceInAPutAndForAsLongAsBefore() throws Exception {
        String user = "few_" + System.identityHashCode(this);
        OrdersSink orders = new OrdersSink(
                "CREATE ROLE " + user + " LOGIN PASSWORD 'few' CONNECTION LIMIT 1",
                "CREATE TABLE orders (id int)",
                "GRANT INSERT ON orders TO " + user);
        String[] config = {
            "connection.user", user,
            "connection.password", "few",
            "connection.attempts", "2",
            "connection.backoff.ms", "600000",
            "max.retries", "1",
            "retry.backoff.ms", "7"
        };
        try (SinkHarness sink = orders.start(config);
                Connection onlyOne = theOnlyOne(orders.database().url(), user)) {
            assertThat(onlyOne.isClosed()).isFalse();
            for (long timeoutMs : new long[] {600_000, 7, 600_000}) {
                assertThatThrownBy(() -> sink.put(orders.map("id", 1))).isInstanceOf(RetriableException.class);
                assertThat(sink.requests().timeoutMs()).isEqualTo(timeoutMs);
            }
            assertThatThrownBy(() -> sink.put(orders.map("id", 1)))
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("gave up after 1 further attempts");
        }
    }

    /** Once the server has noticed that the connection of the start is closed. */
    private static Connection theOnlyOne(String url, String user) {
        return await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> DriverManager.getConnection(url, user, "few"), connection -> true);
    }

    @Test
    void topicsGoToTheTablesThatAreMappedAndOthersByTheirNormalizedName() throws Exception {
        OrdersSink orders = new OrdersSink(
                "CREATE SCHEMA sales", "CREATE TABLE sales.orders (id int)", "CREATE TABLE shop_orders_v1 (id int)");
        Map<String, Object> value = Map.of("id", 1);
        try (SinkHarness sink =
                orders.start("topics.to.tables.mapping", "orders:sales.orders", "table.name.normalize", "true")) {
            sink.put(
                    new SinkRecord("orders", 0, null, null, null, value, 1),
                    new SinkRecord("shop.orders-v1", 0, null, null, null, value, 1));
        }
        assertThat(orders.database().rows("SELECT id FROM sales.orders UNION ALL SELECT id FROM shop_orders_v1"))
                .containsExactly("1", "1");
    }

    @Test
    void whatAutoEvolveWouldRunIsTold() throws Exception {
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int)");
        try (SinkHarness sink = orders.start()) {
            sink.put(orders.struct(ROW, 1, "a"));

            assertThat(OrdersSink.errors(sink).get(0))
                    .contains("no column for the fields [item]")
                    .contains("auto.evolve=true")
                    .contains("ALTER TABLE \"orders\" ADD COLUMN IF NOT EXISTS \"item\" TEXT");
        }
    }

    @Test
    void numbersGoIntoTextAndDecimalColumnsWithAllTheirDigits() throws Exception {
        Schema schema = OrdersSink.schema(
                "id", Schema.INT32_SCHEMA,
                "label", Schema.INT64_SCHEMA,
                "price", Schema.FLOAT64_SCHEMA,
                "part", SchemaBuilder.float32().optional().build());
        OrdersSink orders = new OrdersSink("CREATE TABLE orders (id int, label text, price numeric, part numeric)");
        try (SinkHarness sink = orders.start()) {
            sink.put(orders.struct(schema, 1, 5L, 1234567890.1234567, 0.1f));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "label", "price", "part")).containsExactly("1,5,1234567890.1234567,0.1");
    }
}
