/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every simple converter beside Apache's, over every pair of a schema and a value, nulls above all. */
final class SimpleSameAsApacheTest {
    private static final List<@Nullable Schema> SCHEMAS = Arrays.asList(
            null,
            Schema.BOOLEAN_SCHEMA,
            Schema.OPTIONAL_BOOLEAN_SCHEMA,
            Schema.INT8_SCHEMA,
            Schema.INT16_SCHEMA,
            Schema.OPTIONAL_INT16_SCHEMA,
            Schema.INT32_SCHEMA,
            Schema.OPTIONAL_INT32_SCHEMA,
            Schema.INT64_SCHEMA,
            Schema.FLOAT32_SCHEMA,
            Schema.FLOAT64_SCHEMA,
            Schema.STRING_SCHEMA,
            Schema.OPTIONAL_STRING_SCHEMA,
            Schema.BYTES_SCHEMA,
            Schema.OPTIONAL_BYTES_SCHEMA,
            Timestamp.SCHEMA,
            SchemaBuilder.struct().optional().build());

    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null,
            true,
            (byte) 1,
            (short) 2,
            3,
            4L,
            5f,
            6d,
            "7",
            new byte[] {8},
            ByteBuffer.wrap(new byte[] {9, 10}).position(1));

    private static final List<byte @Nullable []> BYTES = Arrays.asList(
            null,
            new byte[0],
            new byte[] {1},
            new byte[] {2},
            new byte[] {0, 1},
            new byte[4],
            new byte[8],
            new byte[9]);

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(new BooleanConverter(), new org.apache.kafka.connect.converters.BooleanConverter()),
                Arguments.of(new ShortConverter(), new org.apache.kafka.connect.converters.ShortConverter()),
                Arguments.of(new IntegerConverter(), new org.apache.kafka.connect.converters.IntegerConverter()),
                Arguments.of(new LongConverter(), new org.apache.kafka.connect.converters.LongConverter()),
                Arguments.of(new FloatConverter(), new org.apache.kafka.connect.converters.FloatConverter()),
                Arguments.of(new DoubleConverter(), new org.apache.kafka.connect.converters.DoubleConverter()),
                Arguments.of(new ByteArrayConverter(), new org.apache.kafka.connect.converters.ByteArrayConverter()),
                Arguments.of(new StringConverter(), new org.apache.kafka.connect.storage.StringConverter()));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theSameIsWrittenAndTheSameRefused(Converter ours, Converter theirs) {
        ours.configure(Map.of(), true);
        theirs.configure(Map.of(), true);
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        for (Schema schema : SCHEMAS) {
            for (Object value : VALUES) {
                String data = (schema == null ? null : schema.type()) + " " + value + ": ";
                expected.add(data + written(theirs, schema, value));
                actual.add(data + written(ours, schema, value));
            }
        }
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theSameIsReadAndTheSameRefused(Converter ours, Converter theirs) {
        for (byte[] bytes : BYTES) {
            assertThat(read(ours, bytes)).as(Arrays.toString(bytes)).isEqualTo(read(theirs, bytes));
        }
    }

    private static List<@Nullable Object> written(
            Converter converter, @Nullable Schema schema, @Nullable Object value) {
        return Arrays.asList(
                attempt(() -> Arrays.toString(converter.fromConnectData("t", schema, value))),
                attempt(() ->
                        Arrays.toString(((HeaderConverter) converter).fromConnectHeader("t", "h", schema, value))));
    }

    private static List<@Nullable Object> read(Converter converter, byte @Nullable [] bytes) {
        return Arrays.asList(
                attempt(() -> shown(converter.toConnectData("t", bytes))),
                attempt(() -> shown(((HeaderConverter) converter).toConnectHeader("t", "h", bytes))));
    }

    private static String shown(SchemaAndValue data) {
        Object value = data.value() instanceof byte[] bytes ? Arrays.toString(bytes) : data.value();
        return data.schema() + " " + value;
    }

    private static @Nullable Object attempt(java.util.function.Supplier<@Nullable Object> attempt) {
        try {
            return attempt.get();
        } catch (DataException refused) {
            return DataException.class;
        }
    }
}
