/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes a schema as the JSON object that messages carry.
 *
 * <pre>{@code
 * {"type": "struct", "fields": [{"type": "int64", "optional": false, "field": "id"}],
 *  "optional": false, "name": "Order", "version": 1, "doc": "...", "parameters": {"k": "v"}, "default": ...}
 * }</pre>
 *
 * @param writers of default values
 */
record SchemaJson(ValueWriters writers) {

    /** Writes {@code schema}, or null where a map or an array has none. */
    void write(JsonGenerator out, Schema schema) throws IOException {
        write(out, schema, null);
    }

    private void write(JsonGenerator out, Schema schema, @Nullable String fieldName) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", SchemaTypes.name(schema.type()));
        writeParts(out, schema);
        out.writeBooleanField("optional", schema.isOptional());
        if (schema.name() != null) {
            out.writeStringField("name", schema.name());
        }
        if (schema.version() != null) {
            out.writeNumberField("version", schema.version());
        }
        if (schema.doc() != null) {
            out.writeStringField("doc", schema.doc());
        }
        if (schema.parameters() != null) {
            writeParameters(out, schema.parameters());
        }
        if (schema.defaultValue() != null) {
            out.writeFieldName("default");
            writers.of(schema).write(out, schema.defaultValue());
        }
        if (fieldName != null) {
            out.writeStringField("field", fieldName);
        }
        out.writeEndObject();
    }

    private void writeParts(JsonGenerator out, Schema schema) throws IOException {
        switch (schema.type()) {
            case ARRAY -> {
                out.writeFieldName("items");
                write(out, schema.valueSchema());
            }
            case MAP -> {
                out.writeFieldName("keys");
                write(out, schema.keySchema());
                out.writeFieldName("values");
                write(out, schema.valueSchema());
            }
            case STRUCT -> {
                out.writeArrayFieldStart("fields");
                for (Field field : schema.fields()) {
                    write(out, field.schema(), field.name());
                }
                out.writeEndArray();
            }
            default -> {} // a primitive has no parts
        }
    }

    private static void writeParameters(JsonGenerator out, Map<String, String> parameters) throws IOException {
        out.writeObjectFieldStart("parameters");
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            out.writeStringField(parameter.getKey(), parameter.getValue());
        }
        out.writeEndObject();
    }
}
