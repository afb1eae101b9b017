/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SinkHarness;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of a row that refers to another, all of which come before that other. */
final class SinkReferencesTest {

    private static final String UNAVAILABLE = "__debezium_unavailable_value";
    private static final Schema SHOP = OrdersSink.schema("id", Schema.INT32_SCHEMA);
    private static final Schema ROW = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("shop", Schema.OPTIONAL_INT32_SCHEMA)
            .field("item", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema SOURCE = SchemaBuilder.struct().optional().build();

    private OrdersSink orders;

    @BeforeEach
    void createTables() throws Exception {
        orders = new OrdersSink(
                "CREATE TABLE shops (id int PRIMARY KEY)",
                "CREATE TABLE orders (id int PRIMARY KEY, shop int REFERENCES shops, item text)");
    }

    private SinkHarness start() {
        return orders.start(
                "insert.mode", "upsert",
                "pk.mode", "record_key",
                "delete.enabled", "true",
                "truncate.enabled", "true",
                "unwrap.change.events", "true");
    }

    private SinkRecord order(int id, int shop, String item) {
        return orders.keyed(id, orders.struct(ROW, id, shop, item));
    }

    private SinkRecord shop(int id) {
        return ofShops(orders.keyed(id, orders.struct(SHOP, id)));
    }

    private SinkRecord truncation() {
        return orders.map("op", "t", "source", Map.of());
    }

    private static SinkRecord ofShops(SinkRecord record) {
        return record.newRecord(
                "shops", 0, record.keySchema(), record.key(), record.valueSchema(), record.value(), null);
    }

    private SinkRecord untold(int id, int shop) {
        Schema event = SchemaBuilder.struct()
                .field("after", ROW)
                .field("source", SOURCE)
                .field("op", Schema.STRING_SCHEMA)
                .build();
        Struct row = new Struct(ROW).put("id", id).put("shop", shop).put("item", UNAVAILABLE);
        return orders.keyed(id, orders.struct(event, row, null, "u"));
    }

    @Test
    void allChangesOfARowAreWrittenOnceTheOtherIsThere() throws Exception {
        orders.database().execute("INSERT INTO shops VALUES (2)");
        try (SinkHarness sink = start()) {
            sink.put(
                    order(1, 1, "a"),
                    order(1, 1, "a2"),
                    order(2, 1, "b"),
                    untold(2, 2),
                    order(3, 1, "c"),
                    orders.deletion(3),
                    order(4, 1, "d"),
                    orders.deletion(4),
                    order(4, 1, "d2"),
                    shop(1));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id", "shop", "item")).containsExactly("1,1,a2", "2,2,b", "4,1,d2");
    }

    @Test
    void changeThatALaterOneCoversIsNotMissed() throws Exception {
        orders.database().execute("INSERT INTO shops VALUES (2)");
        try (SinkHarness sink = start()) {
            sink.put(order(1, 9, "no such shop"), order(1, 2, "a"), order(2, 9, "no such shop"), shop(1));

            assertThat(OrdersSink.reported(sink)).containsExactly(2L);
        }
        assertThat(orders.rows("id", "shop", "item")).containsExactly("1,2,a");
    }

    @Test
    void rowThatWasWrittenBeforeTheTableWasEmptiedStaysAway() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(order(1, 1, "a"), truncation(), order(2, 1, "b"), shop(1));

            assertThat(OrdersSink.errors(sink)).isEmpty();
        }
        assertThat(orders.rows("id")).containsExactly("2");
    }

    @Test
    void tablesThatReferToEachOtherAreEmptiedInEitherOrder() throws Exception {
        for (boolean referredFirst : new boolean[] {true, false}) {
            orders.database()
                    .execute(
                            "INSERT INTO shops VALUES (1) ON CONFLICT DO NOTHING",
                            "INSERT INTO orders VALUES (1, 1, 'a')");
            try (SinkHarness sink = start()) {
                if (referredFirst) {
                    sink.put(ofShops(truncation()), truncation());
                } else {
                    sink.put(truncation(), ofShops(truncation()));
                }

                assertThat(OrdersSink.errors(sink)).isEmpty();
            }
            assertThat(orders.rows("id")).isEmpty();
            assertThat(orders.database().rows("SELECT id FROM shops")).isEmpty();
        }
    }
}
