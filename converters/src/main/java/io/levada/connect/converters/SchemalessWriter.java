/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Writes data without a schema as JSON, by the class of each value. */
final class SchemalessWriter implements ValueWriter {

    private final Map<Schema.Type, ValueWriters.PresentWriter> primitives = new EnumMap<>(Schema.Type.class);

    SchemalessWriter() {
        for (Schema.Type type : Schema.Type.values()) {
            if (type.isPrimitive()) {
                primitives.put(type, ValueWriters.primitive(type));
            }
        }
    }

    @Override
    public void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        Schema.Type type = ConnectSchema.schemaType(value.getClass());
        ValueWriters.PresentWriter primitive = type == null ? null : primitives.get(type);
        if (primitive != null) {
            primitive.write(out, value);
        } else if (value instanceof Collection<?> collection) {
            array(out, collection);
        } else if (value instanceof Map<?, ?> map) {
            map(out, map);
        } else {
            throw new DataException("Cannot write a value of " + value.getClass() + " as JSON without a schema");
        }
    }

    private void array(JsonGenerator out, Collection<?> collection) throws IOException {
        out.writeStartArray();
        for (Object element : collection) {
            write(out, element);
        }
        out.writeEndArray();
    }

    private void map(JsonGenerator out, Map<?, ?> map) throws IOException {
        if (!map.keySet().stream().allMatch(String.class::isInstance)) {
            ValueWriters.pairs(out, map, this, this);
            return;
        }
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.writeFieldName((String) entry.getKey());
            write(out, entry.getValue());
        }
        out.writeEndObject();
    }
}
