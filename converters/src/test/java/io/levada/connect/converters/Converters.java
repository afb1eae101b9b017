/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/** Our converter and Apache's, configured alike. */
record Converters(Converter ours, Converter theirs) {

    static Converters of(Map<String, String> config) {
        Converters converters = new Converters(new JsonConverter(), new org.apache.kafka.connect.json.JsonConverter());
        converters.ours.configure(config, false);
        converters.theirs.configure(config, false);
        return converters;
    }

    /** Asserts that both write the same bytes, or both refuse; gives the bytes, null for a refusal or a tombstone. */
    byte @Nullable [] assertSameBytes(SchemaAndValue data) {
        Object expected = attempt(() -> text(theirs.fromConnectData("orders", data.schema(), data.value())));
        Object actual = attempt(() -> text(ours.fromConnectData("orders", data.schema(), data.value())));
        assertThat(actual).isEqualTo(expected);
        return expected instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : null;
    }

    /** Asserts that both read the same, or both refuse. */
    void assertSameData(byte @Nullable [] bytes) {
        Object expected = attempt(() -> comparable(theirs.toConnectData("orders", bytes)));
        Object actual = attempt(() -> comparable(ours.toConnectData("orders", bytes)));
        assertThat(actual).isEqualTo(expected);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable Object attempt(Attempt attempt) {
        try {
            return attempt.run();
        } catch (DataException e) {
            return DataException.class;
        }
    }

    private static Object comparable(SchemaAndValue data) {
        List<@Nullable Object> both = new ArrayList<>();
        both.add(comparable(data.schema()));
        both.add(comparable(data.value()));
        return both;
    }

    /** The data with arrays of bytes, which equal themselves only, replaced by buffers. */
    private static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(comparable(element)));
            return copy;
        } else if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copy = new HashMap<>();
            map.forEach((key, element) -> copy.put(comparable(key), comparable(element)));
            return copy;
        } else if (value instanceof Struct struct) {
            List<@Nullable Object> copy = new ArrayList<>();
            copy.add(comparable(struct.schema()));
            struct.schema().fields().forEach(field -> copy.add(comparable(struct.getWithoutDefault(field.name()))));
            return copy;
        }
        return value;
    }

    /** All that a schema says; its own equality fails over bytes within default values. */
    private static Object comparable(@Nullable Schema schema) {
        List<@Nullable Object> copy = new ArrayList<>();
        if (schema != null) {
            copy.addAll(Arrays.asList(
                    schema.type(),
                    schema.isOptional(),
                    schema.name(),
                    schema.version(),
                    schema.doc(),
                    schema.parameters()));
            copy.add(comparable(schema.defaultValue()));
            switch (schema.type()) {
                case ARRAY -> copy.add(comparable(schema.valueSchema()));
                case MAP -> copy.add(List.of(comparable(schema.keySchema()), comparable(schema.valueSchema())));
                case STRUCT ->
                    schema.fields().forEach(field -> copy.add(List.of(field.name(), comparable(field.schema()))));
                default -> {} // no parts
            }
        }
        return copy;
    }

    @FunctionalInterface
    private interface Attempt {
        @Nullable
        Object run();
    }
}
