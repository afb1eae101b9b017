/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Kafka Connect keeps its state: what its JsonConverter writes without schemas, to the byte. Whole numbers are
 * read as {@code long}, others as {@code double}.
 */
public final class StateJson {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final int SHOWN_BYTES = 200;

    private StateJson() {}

    /** The bytes of a value made of maps, lists, texts, numbers, booleans, bytes and nulls. */
    public static byte[] write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new DataException("Cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The value of some bytes.
     *
     * @throws DataException if they are not JSON
     */
    public static @Nullable Object read(byte[] bytes) {
        try {
            return MAPPER.readValue(bytes, Object.class);
        } catch (IOException e) {
            throw new DataException("Not JSON: " + message(e), e);
        }
    }

    /**
     * The JSON object of some bytes.
     *
     * @throws DataException if they are not JSON, or not an object
     */
    @SuppressWarnings("unchecked") // JSON objects have text for keys
    public static Map<String, @Nullable Object> readObject(byte[] bytes) {
        if (read(bytes) instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw new DataException("Not a JSON object");
    }

    /** The beginning of a key that makes no sense, for the log. */
    public static String shown(byte[] key) {
        String text = new String(key, 0, Math.min(key.length, SHOWN_BYTES), StandardCharsets.UTF_8);
        return key.length > SHOWN_BYTES ? text + "..." : text;
    }

    private static @Nullable String message(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    }
}
