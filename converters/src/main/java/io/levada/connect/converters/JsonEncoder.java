/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.connect.api.Derived;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
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
    /** What the last message was written with, while no thread writes with it: its buffers cost more than most messages. */
    private final AtomicReference<@Nullable Output> spare = new AtomicReference<>();

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
        Output kept = spare.getAndSet(null);
        Output output = kept == null ? Output.of(mapper) : kept;
        write(output.json(), translation, value);
        byte[] bytes = output.take();
        spare.set(output); // one that failed half-way holds half a message
        return bytes;
    }

    private void write(JsonGenerator out, Translation translation, @Nullable Object value) throws IOException {
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

    /** Writes message after message into the same bytes. */
    private record Output(ByteArrayBuilder bytes, JsonGenerator json) {
        /** Most messages fit; of a longer one, at most 128 KiB are kept for the next. */
        private static final int BYTES = 16 * 1024;

        static Output of(ObjectMapper mapper) throws IOException {
            ByteArrayBuilder bytes = new ByteArrayBuilder(BYTES);
            return new Output(bytes, mapper.createGenerator(bytes));
        }

        byte[] take() throws IOException {
            json.flush();
            byte[] taken = bytes.toByteArray();
            bytes.reset();
            return taken;
        }
    }
}
