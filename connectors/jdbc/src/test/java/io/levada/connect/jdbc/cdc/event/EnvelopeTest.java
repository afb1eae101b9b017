/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.levada.connect.jdbc.cdc.table.CheckedStruct;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

final class EnvelopeTest {

    private static final int EVENTS = 1000;
    /** Checked a second time, an event takes some 8,300. */
    private static final long BYTES_AN_EVENT_MAX = 6_000;

    private final Schema row = row();
    private final Schema schema = Envelope.schema("shop.public.orders", row);
    private final SourceBlock source = new SourceBlock("1.0", "shop", "orders");

    private static Schema row() {
        SchemaBuilder row = SchemaBuilder.struct().name("shop.public.orders.Value");
        for (int i = 0; i < 50; i++) {
            row.field("column" + i, Schema.INT32_SCHEMA);
        }
        return row.optional().build();
    }

    @Test
    void eachFieldIsWhereItsNameSays() {
        Struct before = filled(1);
        Struct after = filled(2);
        Struct event = Envelope.of(schema, "u", before, after, block(), Instant.ofEpochSecond(3, 4_005));

        assertThat(event.get("before")).isSameAs(before);
        assertThat(event.get("after")).isSameAs(after);
        assertThat(event.getString("op")).isEqualTo("u");
        assertThat(event.getInt64("ts_ms")).isEqualTo(3_000);
        assertThat(event.getInt64("ts_us")).isEqualTo(3_000_004);
        assertThat(event.getInt64("ts_ns")).isEqualTo(3_000_004_005L);
        Struct told = event.getStruct("source");
        assertThat(told.getString("version")).isEqualTo("1.0");
        assertThat(told.getString("connector")).isEqualTo("postgresql");
        assertThat(told.getString("name")).isEqualTo("shop");
        assertThat(told.getString("snapshot")).isEqualTo("false");
        assertThat(told.getString("db")).isEqualTo("orders");
        assertThat(told.getString("schema")).isEqualTo("public");
        assertThat(told.getString("table")).isEqualTo("items");
        assertThat(told.getString("sequence")).isEqualTo("[\"7\",\"8\"]");
        assertThat(told.getInt64("lsn")).isEqualTo(8);
        assertThat(told.getInt64("txId")).isEqualTo(9);
        assertThat(told.getString("origin")).isEqualTo("far");
        assertThat(told.getInt64("origin_lsn")).isEqualTo(10);
        assertThat(told.getInt64("ts_us")).isEqualTo(6_000);
        assertThat(told.getInt64("ts_ns")).isEqualTo(6_000_000);
    }

    @Test
    void whatIsNotCheckedAgainWouldPass() {
        Struct event = Envelope.of(schema, "c", null, filled(1), block(), Instant.EPOCH);

        copyOf(event.getStruct("source")).validate();
        copyOf(event.getStruct("after")).validate();
        event.validate();
    }

    @Test
    void anEventIsNotCheckedASecondTime() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Struct after = filled(1);
        Struct unused = Envelope.of(schema, "c", null, after, block(), Instant.EPOCH);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());

        for (int i = 0; i < EVENTS; i++) {
            unused = Envelope.of(schema, "c", null, after, block(), Instant.EPOCH);
        }

        assertThat((threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / EVENTS)
                .isLessThan(BYTES_AN_EVENT_MAX);
    }

    private Struct filled(int value) {
        Struct struct = new CheckedStruct(row);
        row.fields().forEach(field -> struct.put(field, value));
        return struct;
    }

    private Struct block() {
        return source.of(
                new TableName("public", "items"),
                SourceBlock.STREAMED,
                6_000,
                7,
                8,
                9,
                new SourceBlock.ReplicatedFrom("far", 10));
    }

    private static Struct copyOf(Struct struct) {
        Struct copy = new Struct(struct.schema());
        for (Field field : struct.schema().fields()) {
            copy.put(field, struct.get(field));
        }
        return copy;
    }
}
