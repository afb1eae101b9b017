/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Extension pgvector: {@code [1,2.5]}, and {@code {1:1.5,3:2}/5} of a sparse vector. */
final class Vectors {

    private Vectors() {}

    static ColumnMapping vector() {
        return PlainMapping.of(
                () -> SchemaBuilder.array(Schema.FLOAT64_SCHEMA)
                        .name("io.debezium.data.DoubleVector")
                        .version(1),
                (text, offset, length) -> elements("vector", Numbers::float8, text, offset, length));
    }

    static ColumnMapping halfVector() {
        return PlainMapping.of(
                () -> SchemaBuilder.array(Schema.FLOAT32_SCHEMA)
                        .name("io.debezium.data.FloatVector")
                        .version(1),
                (text, offset, length) -> elements("halfvec", Numbers::float4, text, offset, length));
    }

    private static List<Object> elements(String type, Reader element, byte[] text, int offset, int length) {
        if (length < 3 || text[offset] != '[' || text[offset + length - 1] != ']') {
            throw Unreadable.value(type, text, offset, length);
        }
        List<Object> values = new ArrayList<>();
        int from = offset + 1;
        for (int i = from; i < offset + length; i++) {
            if (text[i] == ',' || i == offset + length - 1) {
                values.add(element.read(text, from, i - from));
                from = i + 1;
            }
        }
        return values;
    }

    static ColumnMapping sparseVector() {
        return StructMapping.of(
                () -> SchemaBuilder.struct()
                        .name("io.debezium.data.SparseDoubleVector")
                        .version(1)
                        .doc("Sparse double vector")
                        .field("dimensions", Schema.INT16_SCHEMA)
                        .field(
                                "vector",
                                SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA)
                                        .build()),
                schema -> (text, offset, length) -> sparse(schema, text, offset, length));
    }

    private static Struct sparse(Schema schema, byte[] text, int offset, int length) {
        int close = indexOf('}', text, offset, offset + length);
        if (length < 4 || text[offset] != '{' || close + 2 > offset + length || text[close + 1] != '/') {
            throw Unreadable.value("sparsevec", text, offset, length);
        }
        Map<Object, Object> values = new HashMap<>();
        int from = offset + 1;
        while (from < close) {
            int comma = Math.min(indexOf(',', text, from, close), close);
            int colon = indexOf(':', text, from, comma);
            if (colon == comma) {
                throw Unreadable.value("sparsevec", text, offset, length);
            }
            values.put(Numbers.int2(text, from, colon - from), Numbers.float8(text, colon + 1, comma - colon - 1));
            from = comma + 1;
        }
        return new Struct(schema)
                .put("dimensions", Numbers.int2(text, close + 2, offset + length - close - 2))
                .put("vector", values);
    }

    /** Or end. */
    private static int indexOf(char wanted, byte[] text, int from, int end) {
        int i = from;
        while (i < end && text[i] != wanted) {
            i++;
        }
        return i;
    }
}
