/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes bodies. Deep nesting is refused; whole numbers are read as long, as Kafka Connect's converters have them. */
public final class Json {
    private static final int NESTING_MAX = 100;
    private static final TypeReference<Map<String, @Nullable String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<List<Map<String, @Nullable String>>> LIST_OF_STRINGS = new TypeReference<>() {};

    private static final Pattern SOURCE = Pattern.compile("\\[Source: REDACTED[^;\\]]*; ([^\\]]*)\\]");
    private static final Pattern OUR_CLASS = Pattern.compile("io\\.levada\\.[\\w.]+\\$(\\w+)");

    private static final Pattern WRONG_KIND =
            Pattern.compile("Cannot deserialize value of type `[^`]*` from (\\w+ value) \\(token `[^`]*`\\)");

    private final ObjectMapper mapper;

    /** @param bodyBytesMax how large bodies may be, and so any text in one */
    public Json(int bodyBytesMax) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(NESTING_MAX)
                        .maxStringLength(bodyBytesMax)
                        .build())
                .build();
        this.mapper = new ObjectMapper(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_LONG_FOR_INTS);
    }

    public byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always writable as JSON", e);
        }
    }

    /** A flat object whose values become text: {@code true} and {@code 5} are taken, arrays and objects refused. */
    public Map<String, @Nullable String> strings(byte[] body) {
        return parsed(body, () -> mapper.readValue(body, STRINGS));
    }

    /** A list of such objects. */
    public List<Map<String, @Nullable String>> listOfStrings(byte[] body) {
        return parsed(body, () -> mapper.readValue(body, LIST_OF_STRINGS));
    }

    /** An object of the given type; throws {@link MalformedBodyException} if the body is nothing else or nothing at all. */
    public <T> T read(byte[] body, Class<T> type) {
        return parsed(body, () -> mapper.readValue(body, type));
    }

    private static <T> T parsed(byte[] body, Parser<T> parser) {
        try {
            T value = isBlank(body) ? null : parser.parse();
            if (value == null) {
                throw new MalformedBodyException("The request has no body, or null for one; send a JSON object");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new MalformedBodyException(
                    "The request body is not the JSON that is expected: " + key(e) + reason(e) + at(e.getLocation()));
        } catch (IOException e) {
            throw new MalformedBodyException("The request body is not text in UTF-8: " + e.getMessage());
        }
    }

    /** The key whose value is not what it should be, {@code config -> tasks.max: }; empty if that is the whole body. */
    private static String key(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        return mapping.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining(" -> ", "", ": "));
    }

    /** Without what Jackson says to whoever wrote the types that it reads. */
    private static String reason(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return "there is no such key; known are " + known;
        }
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            return String.valueOf(e.getCause().getMessage());
        }
        return readable(WRONG_KIND.matcher(e.getOriginalMessage()).replaceAll("no $1 belongs here"));
    }

    /** What a type of ours is called, and what Jackson was told not to show, matters to nobody who sends a request. */
    private static String readable(String message) {
        return SOURCE.matcher(OUR_CLASS.matcher(message).replaceAll("$1")).replaceAll("$1");
    }

    private static boolean isBlank(byte[] body) {
        for (byte octet : body) {
            if (octet != ' ' && octet != '\n' && octet != '\r' && octet != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Reads the body as one type. */
    private interface Parser<T> {
        @Nullable
        T parse() throws IOException;
    }

    private static String at(@Nullable JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
