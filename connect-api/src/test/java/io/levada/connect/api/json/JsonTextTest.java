/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private final JsonText json = new JsonText(DecimalText.NUMERIC);

    @Test
    void structsAreObjectsWithEveryField() {
        Schema item = SchemaBuilder.struct().field("sku", Schema.STRING_SCHEMA).build();
        Schema schema = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field("note", Schema.OPTIONAL_STRING_SCHEMA)
                .field("paid", Schema.BOOLEAN_SCHEMA)
                .field("items", SchemaBuilder.array(item).build())
                .build();
        Struct value = new Struct(schema)
                .put("id", 7L)
                .put("paid", true)
                .put("items", List.of(new Struct(item).put("sku", "a")));
        assertThat(json.of(schema, value))
                .isEqualTo("{\"id\":7,\"note\":null,\"paid\":true,\"items\":[{\"sku\":\"a\"}]}");
    }

    @Test
    void logicalTypesAreNumbers() {
        Schema schema = SchemaBuilder.struct()
                .field("day", Date.SCHEMA)
                .field("time", Time.SCHEMA)
                .field("at", Timestamp.SCHEMA)
                .field("price", Decimal.schema(2))
                .build();
        Struct value = new Struct(schema)
                .put("day", java.util.Date.from(Instant.ofEpochMilli(86_400_000L)))
                .put("time", java.util.Date.from(Instant.ofEpochMilli(1_000L)))
                .put("at", java.util.Date.from(Instant.ofEpochMilli(1_700_000_000_123L)))
                .put("price", new BigDecimal("12.50"));
        assertThat(json.of(schema, value)).isEqualTo("{\"day\":1,\"time\":1000,\"at\":1700000000123,\"price\":12.50}");
    }

    @Test
    void decimalsCanBeApachesBase64() {
        assertThat(new JsonText(DecimalText.BASE64).of(Decimal.schema(2), new BigDecimal("1.00")))
                .isEqualTo("\"ZA==\"");
    }

    @Test
    void mapsWithoutStringKeysAreArraysOfPairs() {
        assertThat(json.of(null, Collections.singletonMap(1, "a"))).isEqualTo("[[1,\"a\"]]");
        assertThat(json.of(null, Map.of("a", List.of(1, 2)))).isEqualTo("{\"a\":[1,2]}");
        assertThat(json.of(null, Map.of())).isEqualTo("{}");
    }

    @Test
    void stringsStayOnOneLine() {
        assertThat(json.of(null, "é \"x\" \\ \n\r\t\u0001\u001f\u2028"))
                .isEqualTo("\"é \\\"x\\\" \\\\ \\n\\r\\t\\u0001\\u001F\u2028\"");
    }

    @Test
    void numbersThatJsonLacksAreStrings() {
        assertThat(json.of(null, Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(json.of(null, Float.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
        assertThat(json.of(null, new BigDecimal("1e400"))).isEqualTo("1E+400");
    }

    @Test
    void bytesAreBase64AndLeftUnread() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2});
        assertThat(json.of(null, new byte[] {1, 2})).isEqualTo("\"AQI=\"");
        assertThat(json.of(null, buffer)).isEqualTo("\"AQI=\"");
        assertThat(buffer.remaining()).isEqualTo(2);
    }

    @Test
    void otherClassesAreRefused() {
        assertThatThrownBy(() -> json.of(null, new Object())).isInstanceOf(DataException.class);
    }
}
