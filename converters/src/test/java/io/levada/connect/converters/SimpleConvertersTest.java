/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SimpleConvertersTest {

    static Stream<Arguments> primitives() {
        return Stream.of(
                Arguments.of(new BooleanConverter(), Schema.OPTIONAL_BOOLEAN_SCHEMA, true, 1),
                Arguments.of(new ShortConverter(), Schema.OPTIONAL_INT16_SCHEMA, (short) -7, 2),
                Arguments.of(new IntegerConverter(), Schema.OPTIONAL_INT32_SCHEMA, 70_000, 4),
                Arguments.of(new LongConverter(), Schema.OPTIONAL_INT64_SCHEMA, Long.MIN_VALUE, 8),
                Arguments.of(new FloatConverter(), Schema.OPTIONAL_FLOAT32_SCHEMA, 1.5f, 4),
                Arguments.of(new DoubleConverter(), Schema.OPTIONAL_FLOAT64_SCHEMA, -2.5, 8));
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void primitivesAreTheBytesOfKafkasSerializers(Converter converter, Schema schema, Object value, int size) {
        byte[] bytes = converter.fromConnectData("t", schema, value);

        assertThat(bytes).hasSize(size).isEqualTo(kafkas(value));
        assertThat(converter.toConnectData("t", bytes)).isEqualTo(new SchemaAndValue(schema, value));
        assertThat(converter.toConnectData("t", converter.fromConnectData("t", schema, null)))
                .isEqualTo(new SchemaAndValue(schema, null));
    }

    @SuppressWarnings("unchecked")
    private static byte[] kafkas(Object value) {
        return Serdes.serdeFrom((Class<Object>) value.getClass()).serializer().serialize("t", value);
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void primitivesRefuseWhatIsNotTheirs(Converter converter, Schema schema, Object value, int size) {
        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "x"))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.fromConnectData("t", null, "x")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.toConnectData("t", new byte[size + 1]))
                .isInstanceOf(DataException.class);
    }

    @Test
    void textIsWrittenAndReadInTheConfiguredCharacterSet() {
        StringConverter converter = new StringConverter();
        converter.configure(Map.of("converter.encoding", "ISO-8859-1"), true);

        byte[] bytes = converter.fromConnectData("t", Schema.STRING_SCHEMA, "\u00e7");

        assertThat(bytes).containsExactly(0xe7);
        assertThat(converter.toConnectData("t", bytes))
                .isEqualTo(new SchemaAndValue(Schema.OPTIONAL_STRING_SCHEMA, "\u00e7"));
        assertThat(converter.fromConnectData("t", null, null)).isNull();
    }

    @Test
    void anUnknownCharacterSetFailsTheConfiguration() {
        assertThatThrownBy(() -> new StringConverter().configure(Map.of("converter.encoding", "UTF-9"), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("UTF-9");
    }

    @Test
    void bytesPassThroughWhole() {
        ByteArrayConverter converter = new ByteArrayConverter();
        byte[] bytes = {1, 2};

        assertThat(converter.fromConnectData("t", Schema.BYTES_SCHEMA, bytes)).isSameAs(bytes);
        assertThat(converter.fromConnectData("t", null, ByteBuffer.wrap(bytes).position(1)))
                .isEqualTo(bytes);
        assertThat(converter.toConnectData("t", bytes).value()).isSameAs(bytes);
        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "x"))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.fromConnectData("t", null, 7)).isInstanceOf(DataException.class);
    }

    @Test
    void everyConverterIsListedForTheServiceLoaderAndTellsItsVersion() {
        Stream<Object> found = Stream.concat(
                ServiceLoader.load(Converter.class).stream().map(provider -> (Object) provider.get()),
                ServiceLoader.load(HeaderConverter.class).stream().map(provider -> (Object) provider.get()));

        assertThat(found.filter(plugin -> plugin.getClass().getName().startsWith("io.levada.")))
                .hasSize(18)
                .allSatisfy(plugin -> assertThat(((Versioned) plugin).version()).isNotBlank());
    }
}
