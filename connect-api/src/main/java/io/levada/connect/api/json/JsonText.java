/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.json;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Writes Connect data as one line of JSON.
 *
 * <table>
 * <caption>What becomes what</caption>
 * <tr><td>Struct; map with string keys</td><td>object; null fields are written</td></tr>
 * <tr><td>other map</td><td>array of {@code [key, value]}</td></tr>
 * <tr><td>bytes</td><td>Base64 string</td></tr>
 * <tr><td>Date, Time, Timestamp</td><td>days, milliseconds of the day, milliseconds since 1970, as a number</td></tr>
 * <tr><td>NaN and infinities</td><td>string</td></tr>
 * </table>
 */
public final class JsonText {
    private final DecimalText decimals;

    public JsonText(DecimalText decimals) {
        this.decimals = decimals;
    }

    /**
     * The value as JSON, with no line break in it.
     *
     * @param schema the schema of the value, or null if it has none; only its logical type is looked at
     * @throws DataException if the value is of a class that Connect data does not have
     */
    public String of(@Nullable Schema schema, @Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, schema, value);
        return out.toString();
    }

    private void append(StringBuilder out, @Nullable Schema schema, @Nullable Object value) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof Struct struct) {
            appendStruct(out, struct);
        } else if (value instanceof CharSequence text) {
            JsonString.append(out, text);
        } else if (value instanceof Map<?, ?> map) {
            appendMap(out, schema, map);
        } else if (value instanceof Collection<?> list) {
            appendList(out, schema == null ? null : schema.valueSchema(), list);
        } else if (value instanceof Number number) {
            appendNumber(out, number);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof byte[] bytes) {
            JsonString.append(out, Base64.getEncoder().encodeToString(bytes));
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            JsonString.append(out, Base64.getEncoder().encodeToString(bytes));
        } else if (value instanceof java.util.Date date) {
            out.append(numberOf(schema, date));
        } else {
            throw new DataException("A value of " + value.getClass() + " cannot be written as JSON");
        }
    }

    private void appendStruct(StringBuilder out, Struct struct) {
        char before = '{';
        for (Field field : struct.schema().fields()) {
            out.append(before);
            before = ',';
            JsonString.append(out, field.name());
            out.append(':');
            append(out, field.schema(), struct.get(field));
        }
        out.append(before == '{' ? "{}" : "}");
    }

    private void appendMap(StringBuilder out, @Nullable Schema schema, Map<?, ?> map) {
        Schema valueSchema = schema == null ? null : schema.valueSchema();
        if (!keysAreStrings(schema, map)) {
            appendPairs(out, schema == null ? null : schema.keySchema(), valueSchema, map);
            return;
        }
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(before);
            before = ',';
            JsonString.append(out, String.valueOf(entry.getKey()));
            out.append(':');
            append(out, valueSchema, entry.getValue());
        }
        out.append(before == '{' ? "{}" : "}");
    }

    private static boolean keysAreStrings(@Nullable Schema schema, Map<?, ?> map) {
        return schema == null
                ? map.keySet().stream().allMatch(String.class::isInstance)
                : schema.keySchema().type() == Schema.Type.STRING;
    }

    private void appendPairs(StringBuilder out, @Nullable Schema keys, @Nullable Schema values, Map<?, ?> map) {
        out.append('[');
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<?, ?> entry = entries.next();
            out.append('[');
            append(out, keys, entry.getKey());
            out.append(',');
            append(out, values, entry.getValue());
            out.append(entries.hasNext() ? "]," : "]");
        }
        out.append(']');
    }

    private void appendList(StringBuilder out, @Nullable Schema elements, Collection<?> list) {
        out.append('[');
        for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
            append(out, elements, each.next());
            out.append(each.hasNext() ? "," : "");
        }
        out.append(']');
    }

    private void appendNumber(StringBuilder out, Number number) {
        if (number instanceof BigDecimal decimal && decimals == DecimalText.BASE64) {
            byte[] unscaled = decimal.unscaledValue().toByteArray();
            JsonString.append(out, Base64.getEncoder().encodeToString(unscaled));
        } else if (Double.isFinite(number.doubleValue()) || number instanceof BigDecimal) {
            out.append(number);
        } else {
            JsonString.append(out, number.toString());
        }
    }

    private static long numberOf(@Nullable Schema schema, java.util.Date date) {
        String logical = schema == null || schema.name() == null ? Timestamp.LOGICAL_NAME : schema.name();
        return switch (logical) {
            case Date.LOGICAL_NAME -> Date.fromLogical(schemaOf(schema), date);
            case Time.LOGICAL_NAME -> Time.fromLogical(schemaOf(schema), date);
            default -> Timestamp.fromLogical(Timestamp.SCHEMA, date);
        };
    }

    private static Schema schemaOf(@Nullable Schema schema) {
        if (schema == null) {
            throw new IllegalStateException("a logical name without a schema");
        }
        return schema;
    }
}
