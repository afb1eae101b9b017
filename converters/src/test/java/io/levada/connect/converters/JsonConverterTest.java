/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonConverterTest {

    private final JsonConverter converter = new JsonConverter();

    @Test
    void withoutAnyKeyItWritesPlainJsonWithReadableDecimals() {
        converter.configure(Map.of(), false);
        Schema schema = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field("price", Decimal.schema(2))
                .build();
        Struct order = new Struct(schema).put("id", 7L).put("price", new BigDecimal("1.50"));

        assertThat(converter.fromConnectData("orders", schema, order))
                .asString()
                .isEqualTo("{\"id\":7,\"price\":1.50}");
    }

    @Test
    void aTombstoneStaysOne() {
        converter.configure(Map.of(), false);

        assertThat(converter.fromConnectData("orders", null, null)).isNull();
        assertThat(converter.toConnectData("orders", null).value()).isNull();
    }

    @Test
    void fieldsOfPlainJsonKeepTheirOrder() {
        converter.configure(Map.of(), false);

        Object value = converter
                .toConnectData("orders", bytes("{\"z\":1,\"a\":2,\"m\":3}"))
                .value();

        assertThat((Map<?, ?>) value).extracting(Map::keySet).asString().isEqualTo("[z, a, m]");
    }

    @Test
    void floatsThatJsonHasNoNumberForSurvive() {
        converter.configure(Map.of("schemas.enable", "true"), false);

        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThat(roundTrip(Schema.FLOAT64_SCHEMA, value)).isEqualTo(value);
            assertThat(roundTrip(Schema.FLOAT32_SCHEMA, (float) value)).isEqualTo((float) value);
        }
    }

    private Object roundTrip(Schema schema, Object value) {
        return converter
                .toConnectData("orders", converter.fromConnectData("orders", schema, value))
                .value();
    }

    @ParameterizedTest
    @CsvSource({
        "int8, 128",
        "int32, 2147483648",
        "int64, 9223372036854775808",
        "int32, 1.5",
        "int32, \"7\"",
        "double, \"x\"",
        "boolean, 1",
        "string, 7",
        "bytes, 7",
        "array, {}",
        "array, 1",
        "struct, []",
        "bytes, \"?\""
    })
    void aValueThatDoesNotFitItsSchemaIsRefusedRatherThanBent(String type, String json) {
        String rest = type.equals("array")
                ? ",\"items\":{\"type\":\"int32\"}"
                : type.equals("struct") ? ",\"fields\":[]" : "";
        converter.configure(Map.of("schemas.enable", "true"), false);

        assertThatThrownBy(() -> converter.toConnectData(
                        "orders",
                        bytes("{\"schema\":{\"type\":\"" + type + "\"" + rest + "},\"payload\":" + json + "}")))
                .isInstanceOf(DataException.class);
    }

    @Test
    void noBytesAreNoDecimal() {
        converter.configure(Map.of("schemas.enable", "true"), false);
        String schema =
                "{\"type\":\"bytes\",\"name\":\"" + Decimal.LOGICAL_NAME + "\",\"parameters\":{\"scale\":\"2\"}}";

        for (String rest : List.of("\"\"}", "\"\"")) {
            assertThatThrownBy(() ->
                            converter.toConnectData("orders", bytes("{\"schema\":" + schema + ",\"payload\":" + rest)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("decimal");
        }
    }

    @Test
    void aWholeNumberWrittenWithAPointIsAnInteger() {
        converter.configure(Map.of("schemas.enable", "true"), false);

        assertThat(converter
                        .toConnectData("orders", bytes("{\"schema\":{\"type\":\"int32\"},\"payload\":7.0}"))
                        .value())
                .isEqualTo(7);
    }

    @Test
    void nestingBeyondTheBoundIsRefused() {
        converter.configure(Map.of(), false);

        assertThatThrownBy(() -> converter.toConnectData("orders", bytes("[".repeat(5000) + "]".repeat(5000))))
                .isInstanceOf(DataException.class);
    }

    @Test
    void messagesInUtf16AreReadToo() {
        converter.configure(Map.of("schemas.enable", "true"), false);
        String message = "{\"schema\":{\"type\":\"int32\"},\"payload\":7}";

        for (int i = 0; i < 2; i++) {
            assertThat(converter
                            .toConnectData("orders", message.getBytes(StandardCharsets.UTF_16))
                            .value())
                    .isEqualTo(7);
        }
    }

    @Test
    void aValueOfAnotherClassThanItsSchemaIsRefused() {
        converter.configure(Map.of(), false);

        assertThatThrownBy(() -> converter.fromConnectData("orders", Schema.INT64_SCHEMA, "7"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("orders");
        assertThatThrownBy(() -> converter.fromConnectData("orders", null, List.of(new java.util.Date(0))))
                .isInstanceOf(DataException.class);
    }

    @Test
    void aFixedSchemaThatIsNoneFailsTheConfiguration() {
        assertThatThrownBy(() -> converter.configure(
                        Map.of("schemas.enable", "true", "schema.content", "{\"type\":\"int\"}"), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.content");
    }

    @Test
    void headersAreConvertedAsValuesAre() {
        converter.configure(Map.of("converter.type", "header"));

        byte[] bytes = converter.fromConnectHeader("orders", "trace", null, Map.of("id", 7L));

        assertThat(bytes).asString().isEqualTo("{\"id\":7}");
        assertThat(converter.toConnectHeader("orders", "trace", bytes).value()).isEqualTo(Map.of("id", 7L));
    }

    @Test
    void aMessageThatFailsHalfWayLeavesNothingInTheNext() {
        converter.configure(Map.of(), false);
        Schema schema = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field("name", Schema.STRING_SCHEMA)
                .build();
        Struct whole = new Struct(schema).put("id", 7L).put("name", "Ada");

        assertThatThrownBy(() -> converter.fromConnectData("orders", schema, new Struct(schema).put("id", 6L)))
                .isInstanceOf(DataException.class);
        for (int i = 0; i < 2; i++) {
            assertThat(converter.fromConnectData("orders", schema, whole))
                    .asString()
                    .isEqualTo("{\"id\":7,\"name\":\"Ada\"}");
        }
    }

    @Test
    void aShortMessageAfterALongOneIsShort() {
        converter.configure(Map.of(), false);
        String text = "é".repeat(300_000);

        assertThat(converter.fromConnectData("orders", Schema.STRING_SCHEMA, text))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo('"' + text + '"');
        assertThat(converter.fromConnectData("orders", Schema.STRING_SCHEMA, "Ada"))
                .asString()
                .isEqualTo("\"Ada\"");
    }

    @Test
    void aShortMessageTakesLittleMemory() {
        converter.configure(Map.of(), false);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] unused = converter.fromConnectData("orders", Schema.INT64_SCHEMA, 7L);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());

        for (int i = 0; i < 1000; i++) {
            unused = converter.fromConnectData("orders", Schema.INT64_SCHEMA, 7L);
        }

        assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                .isLessThan(500_000);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
