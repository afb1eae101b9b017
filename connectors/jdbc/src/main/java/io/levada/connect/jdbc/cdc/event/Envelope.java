/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.time.Instant;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The event as a whole: before and after, op, when it was made, source and transaction. */
final class Envelope {

    /** The event's place in its transaction, when transactions are told. */
    static final Schema TRANSACTION = SchemaBuilder.struct()
            .optional()
            .name("event.block")
            .version(1)
            .field("id", Schema.STRING_SCHEMA)
            .field("total_order", Schema.INT64_SCHEMA)
            .field("data_collection_order", Schema.INT64_SCHEMA)
            .build();

    private Envelope() {}

    static Schema schema(String name, Schema row) {
        return SchemaBuilder.struct()
                .name(name)
                .version(2)
                .field("before", row)
                .field("after", row)
                .field("source", SourceBlock.SCHEMA)
                .field("transaction", TRANSACTION)
                .field("op", Schema.STRING_SCHEMA)
                .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
                .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
                .field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA)
                .build();
    }

    static Struct of(
            Schema schema, String op, @Nullable Struct before, @Nullable Struct after, Struct source, Instant now) {
        Struct event = new Struct(schema);
        if (before != null) {
            event.put("before", before);
        }
        if (after != null) {
            event.put("after", after);
        }
        long seconds = now.getEpochSecond();
        return event.put("source", source)
                .put("op", op)
                .put("ts_ms", now.toEpochMilli())
                .put("ts_us", seconds * 1_000_000 + now.getNano() / 1000)
                .put("ts_ns", seconds * 1_000_000_000 + now.getNano());
    }
}
