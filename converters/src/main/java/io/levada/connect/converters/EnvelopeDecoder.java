/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.connect.api.Derived;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of the form {@code {"schema": ..., "payload": ...}}.
 *
 * <p>Most of such a message is its schema, and most messages have the schema of the one before. So a message that begins with the same
 * bytes as the last is not parsed up to the payload: equal bytes of a JSON object are an equal object.
 */
final class EnvelopeDecoder implements JsonDecoder {

    private static final byte[] OPENING = "{\"schema\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BETWEEN = ",\"payload\":".getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper mapper;
    private final ValueReaders readers;
    private final SchemaParser schemaParser;
    private final Derived<ByteBuffer, Translation> translations;

    /** How the last message began: everything before the comma that follows its schema. */
    private byte[] lastBeginning = {};

    private @Nullable Translation last;

    EnvelopeDecoder(ObjectMapper mapper, ValueReaders readers, int cacheSize) {
        this.mapper = mapper;
        this.readers = readers;
        this.schemaParser = new SchemaParser(mapper, readers);
        this.translations = new Derived<>(cacheSize, this::translate);
    }

    @Override
    public SchemaAndValue decode(byte[] bytes) throws IOException {
        Translation known = last;
        if (known != null && startsWith(bytes, 0, lastBeginning) && startsWith(bytes, lastBeginning.length, BETWEEN)) {
            SchemaAndValue decoded = decodePayload(bytes, lastBeginning.length + BETWEEN.length, known);
            if (decoded != null) {
                return decoded;
            }
        }
        return decodeWhole(bytes);
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] beginning) {
        int to = from + beginning.length;
        return to <= bytes.length && Arrays.equals(bytes, from, to, beginning, 0, beginning.length);
    }

    /** The payload between {@code start} and the closing brace; null if there is more than that, to be judged by the full parse. */
    private @Nullable SchemaAndValue decodePayload(byte[] bytes, int start, Translation known) throws IOException {
        int end = bytes.length - 1;
        if (end <= start || bytes[end] != '}') {
            return null;
        }
        try (JsonParser in = mapper.getFactory().createParser(bytes, start, end - start)) {
            if (in.nextToken() == null) {
                return null;
            }
            Object value = known.reader.read(in);
            return in.nextToken() == null ? new SchemaAndValue(known.schema, value) : null;
        } catch (JsonProcessingException ignored) {
            return null; // perhaps the brace closes something else: the full parse says what is wrong, if anything
        }
    }

    private SchemaAndValue decodeWhole(byte[] bytes) throws IOException {
        Envelope envelope = read(bytes, null);
        if (envelope.schema == null) {
            throw notAnEnvelope();
        }
        // A payload that came before its schema has been passed over: read it now that the schema is known.
        Envelope complete = envelope.valueRead ? envelope : read(bytes, envelope.schema);
        if (!complete.valueRead) {
            throw notAnEnvelope();
        }
        return new SchemaAndValue(envelope.schema.schema, complete.value);
    }

    private static DataException notAnEnvelope() {
        return new DataException(
                "Cannot read JSON: with schemas.enable=true a message must be an object with \"schema\" and \"payload\" "
                        + "and nothing else. For plain JSON set schemas.enable=false, or give the schema in schema.content");
    }

    /** @param known the schema, if it is known already; otherwise the payload is read only where it follows the schema */
    private Envelope read(byte[] bytes, @Nullable Translation known) throws IOException {
        try (JsonParser in = mapper.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw notAnEnvelope();
            }
            Envelope envelope = new Envelope(known, null, false);
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (name.equals("payload") && envelope.schema != null) {
                    envelope = new Envelope(envelope.schema, envelope.schema.reader.read(in), true);
                } else if (name.equals("schema") && known == null) {
                    envelope = new Envelope(schema(in, bytes), null, false);
                } else if (name.equals("payload") || name.equals("schema")) {
                    in.skipChildren();
                } else {
                    throw notAnEnvelope();
                }
            }
            return envelope;
        }
    }

    private Translation schema(JsonParser in, byte[] bytes) throws IOException {
        long start = in.currentTokenLocation().getByteOffset();
        if (start < 0 || in.currentToken() != JsonToken.START_OBJECT) {
            // Not UTF-8, so that there are no byte offsets to remember it by; or null; or an error.
            return translation(schemaParser.parse(mapper.readTree(in)));
        }
        in.skipChildren();
        int end = (int) in.currentTokenLocation().getByteOffset() + 1;
        Translation translation = translations.of(ByteBuffer.wrap(Arrays.copyOfRange(bytes, (int) start, end)));
        if (start == OPENING.length && startsWith(bytes, 0, OPENING)) {
            lastBeginning = Arrays.copyOf(bytes, end);
            last = translation;
        }
        return translation;
    }

    private Translation translate(ByteBuffer json) {
        try {
            return translation(schemaParser.parse(mapper.readTree(json.array(), json.arrayOffset(), json.remaining())));
        } catch (IOException e) {
            throw new DataException("Cannot read a JSON schema", e);
        }
    }

    private Translation translation(@Nullable Schema schema) {
        return new Translation(schema, readers.of(schema));
    }

    private record Translation(@Nullable Schema schema, ValueReader reader) {}

    /** What has been read of a message so far. */
    private record Envelope(
            @Nullable Translation schema, @Nullable Object value, boolean valueRead) {}
}
