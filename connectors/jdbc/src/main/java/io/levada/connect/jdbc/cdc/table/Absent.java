/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a required column whose value the server did not send, as it sends only the replica identity of a deleted row:
 * the column's default, else the type's zero, as Debezium's consumers know it.
 */
final class Absent {

    private Absent() {}

    /** Null for an optional field. */
    static @Nullable Object of(Column column, Schema schema) {
        if (schema.isOptional()) {
            return null;
        }
        if (column.typeName().equals("money") && schema.type() == Schema.Type.STRING) {
            return "0.00";
        }
        return schema.defaultValue() == null ? zero(schema) : schema.defaultValue();
    }

    private static Object zero(Schema schema) {
        String name = schema.name() == null ? "" : schema.name();
        switch (name) {
            case Decimal.LOGICAL_NAME -> {
                return BigDecimal.ZERO.setScale(
                        Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD)));
            }
            case Date.LOGICAL_NAME, Time.LOGICAL_NAME, Timestamp.LOGICAL_NAME -> {
                return new java.util.Date(0);
            }
            case "io.debezium.time.ZonedTimestamp" -> {
                return "1970-01-01T00:00:00Z";
            }
            case "io.debezium.time.ZonedTime" -> {
                return "00:00:00Z";
            }
            case "io.debezium.data.Json" -> {
                return "{}";
            }
            default -> {
                return zero(schema.type(), schema);
            }
        }
    }

    private static Object zero(Schema.Type type, Schema schema) {
        return switch (type) {
            case INT8 -> (byte) 0;
            case INT16 -> (short) 0;
            case INT32 -> 0;
            case INT64 -> 0L;
            case FLOAT32 -> 0f;
            case FLOAT64 -> 0d;
            case BOOLEAN -> false;
            case STRING -> "";
            case BYTES -> ByteBuffer.wrap(new byte[0]);
            case ARRAY -> List.of();
            case MAP -> Map.of();
            case STRUCT -> {
                Struct struct = new Struct(schema);
                schema.fields().stream()
                        .filter(field -> !field.schema().isOptional())
                        .forEach(field -> struct.put(field, zero(field.schema())));
                yield struct;
            }
        };
    }
}
