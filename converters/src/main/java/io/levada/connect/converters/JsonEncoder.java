/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.connect.api.Derived;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Connect data to bytes. */
final class JsonEncoder {

    private static final SerializedString NO_SCHEMA = new SerializedString("null");
    private static final SerializedString SCHEMA = new SerializedString("schema");
    private static final SerializedString PAYLOAD = new SerializedString("payload");

    private final ObjectMapper mapper;
    private final ValueWriters writers;
    private final boolean envelope;
    private final Derived<Schema, Translation> translations;
    private final Translation schemaless = new Translation(new SchemalessWriter(), NO_SCHEMA);

    /** @param envelope whether the message carries the schema */
    JsonEncoder(ObjectMapper mapper, ValueWriters writers, boolean envelope, int cacheSize) {
        this.mapper = mapper;
        this.writers = writers;
        this.envelope = envelope;
        this.translations = new Derived<>(cacheSize, this::translate);
    }

    byte[] encode(@Nullable Schema schema, @Nullable Object value) throws IOException {
        Translation translation = schema == null ? schemaless : translations.of(schema);
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(mapper.getFactory()._getBufferRecycler());
                JsonGenerator out = mapper.createGenerator(bytes)) {
            if (envelope) {
                out.writeStartObject();
                out.writeFieldName(SCHEMA);
                out.writeRawValue(translation.schemaJson);
                out.writeFieldName(PAYLOAD);
                translation.writer.write(out, value);
                out.writeEndObject();
            } else {
                translation.writer.write(out, value);
            }
            out.flush();
            return bytes.toByteArray();
        }
    }

    private Translation translate(Schema schema) {
        return new Translation(writers.of(schema), envelope ? new SerializedString(json(schema)) : NO_SCHEMA);
    }

    /** By way of UTF-8, as the payload is, because Jackson escapes differently when it writes characters. */
    private String json(Schema schema) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder();
                JsonGenerator out = mapper.createGenerator(bytes)) {
            new SchemaJson(writers).write(out, schema);
            out.flush();
            return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataException("Cannot write the schema " + schema + " as JSON", e);
        }
    }

    /** @param schemaJson the schema as it stands in every message, encoded once */
    private record Translation(ValueWriter writer, SerializedString schemaJson) {}
}
