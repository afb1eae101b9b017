/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.StructValues;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.data.Field;
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

    // Places of the fields in the schema below.
    private static final int BEFORE = 0;
    private static final int AFTER = 1;
    private static final int SOURCE = 2;
    private static final int OP = 4;
    private static final int TS_MS = 5;
    private static final int TS_US = 6;
    private static final int TS_NS = 7;

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
        List<Field> fields = schema.fields();
        Struct event = new Struct(schema);
        if (before != null) {
            StructValues.put(event, fields.get(BEFORE), before);
        }
        if (after != null) {
            StructValues.put(event, fields.get(AFTER), after);
        }
        long seconds = now.getEpochSecond();
        StructValues.put(event, fields.get(SOURCE), source);
        StructValues.put(event, fields.get(OP), op);
        StructValues.put(event, fields.get(TS_MS), now.toEpochMilli());
        StructValues.put(event, fields.get(TS_US), seconds * 1_000_000 + now.getNano() / 1000);
        StructValues.put(event, fields.get(TS_NS), seconds * 1_000_000_000 + now.getNano());
        return event;
    }
}
