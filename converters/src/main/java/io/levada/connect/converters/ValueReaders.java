/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.levada.connect.api.StructValues;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a schema into the reader of its data.
 *
 * <p>A value of the wrong kind, such as a text for a number, and a number out of the type's range are errors; Apache's converter turns the
 * one into zero or false and wraps the other.
 *
 * @param replaceNullWithDefault whether a null or missing value with a default is read as that
 */
record ValueReaders(boolean replaceNullWithDefault) {

    private static final ValueReader SCHEMALESS = new SchemalessReader();

    /** The reader for a schema; of anything, for none. */
    ValueReader of(@Nullable Schema schema) {
        if (schema == null) {
            return SCHEMALESS;
        }
        ValueReader reader = ofNonNull(schema);
        return in -> in.currentToken() == JsonToken.VALUE_NULL ? absent(schema) : reader.read(in);
    }

    /** What a null or missing value of {@code schema} is read as. */
    private @Nullable Object absent(Schema schema) {
        if (schema.defaultValue() != null && replaceNullWithDefault) {
            return schema.defaultValue();
        } else if (schema.isOptional()) {
            return null;
        }
        throw new DataException("Cannot read JSON: a value is null or missing, but its schema " + schema
                + " is required" + (schema.defaultValue() == null ? " and has no default" : ""));
    }

    private ValueReader ofNonNull(Schema schema) {
        return switch (schema.name() == null ? "" : schema.name()) {
            case Decimal.LOGICAL_NAME -> in -> decimal(schema, in);
            case Date.LOGICAL_NAME -> in -> Date.toLogical(schema, wholeInt(in));
            case Time.LOGICAL_NAME -> in -> Time.toLogical(schema, wholeInt(in));
            case Timestamp.LOGICAL_NAME ->
                in -> {
                    expect(in, JsonToken.VALUE_NUMBER_INT, "a timestamp in milliseconds");
                    return Timestamp.toLogical(schema, JsonNumbers.within(in, Long.MIN_VALUE, Long.MAX_VALUE));
                };
            default -> ofType(schema);
        };
    }

    private ValueReader ofType(Schema schema) {
        return switch (schema.type()) {
            case INT8 -> in -> (byte) whole(in, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> in -> (short) whole(in, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT32 -> in -> (int) whole(in, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> in -> whole(in, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT32 -> ValueReaders::float32;
            case FLOAT64 -> ValueReaders::float64;
            case BOOLEAN -> ValueReaders::bool;
            case STRING ->
                in -> {
                    expect(in, JsonToken.VALUE_STRING, "a string");
                    return in.getText();
                };
            case BYTES -> ValueReaders::bytes;
            case ARRAY -> array(of(schema.valueSchema()));
            case MAP -> map(schema);
            case STRUCT -> new StructReader(schema);
        };
    }

    private static void expect(JsonParser in, JsonToken token, String what) throws IOException {
        if (in.currentToken() != token) {
            throw mismatch(in, what);
        }
    }

    private static DataException mismatch(JsonParser in, String what) {
        return new DataException("Cannot read JSON at " + in.getParsingContext().pathAsPointer()
                + ": its schema asks for " + what + ", found " + in.currentToken());
    }

    private static long whole(JsonParser in, long min, long max) throws IOException {
        if (!in.currentToken().isNumeric()) {
            throw mismatch(in, "a whole number");
        }
        return JsonNumbers.within(in, min, max);
    }

    private static int wholeInt(JsonParser in) throws IOException {
        expect(in, JsonToken.VALUE_NUMBER_INT, "a date or time as a whole number");
        return (int) JsonNumbers.within(in, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static Object float32(JsonParser in) throws IOException {
        return in.currentToken().isNumeric() ? JsonNumbers.toFloat(in) : (float) notFinite(in);
    }

    private static Object float64(JsonParser in) throws IOException {
        return in.currentToken().isNumeric() ? JsonNumbers.toDouble(in) : notFinite(in);
    }

    /** The values that JSON has no number for; they are written as strings. */
    private static double notFinite(JsonParser in) throws IOException {
        return switch (in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "") {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw mismatch(in, "a number");
        };
    }

    private static Object bool(JsonParser in) throws IOException {
        if (!in.currentToken().isBoolean()) {
            throw mismatch(in, "true or false");
        }
        return in.getBooleanValue();
    }

    private static byte[] bytes(JsonParser in) throws IOException {
        expect(in, JsonToken.VALUE_STRING, "bytes as a base64 string");
        try {
            return in.getBinaryValue();
        } catch (JsonParseException e) {
            throw new DataException(
                    "Cannot read JSON at " + in.getParsingContext().pathAsPointer() + ": not a base64 string", e);
        }
    }

    private static BigDecimal decimal(Schema schema, JsonParser in) throws IOException {
        if (in.currentToken().isNumeric()) {
            return in.getDecimalValue();
        }
        byte[] unscaled = bytes(in);
        if (unscaled.length == 0) { // no number has no bytes, and BigInteger says so in its own way
            throw mismatch(in, "the bytes of a decimal, at least one");
        }
        return Decimal.toLogical(schema, unscaled);
    }

    private static ValueReader array(ValueReader elements) {
        return in -> {
            expect(in, JsonToken.START_ARRAY, "an array");
            List<@Nullable Object> list = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                list.add(elements.read(in));
            }
            return list;
        };
    }

    private ValueReader map(Schema schema) {
        ValueReader values = of(schema.valueSchema());
        if (schema.keySchema().type() == Schema.Type.STRING) {
            return in -> objectMap(in, values);
        }
        ValueReader keys = of(schema.keySchema());
        return in -> pairMap(in, keys, values);
    }

    private static Map<Object, @Nullable Object> objectMap(JsonParser in, ValueReader values) throws IOException {
        expect(in, JsonToken.START_OBJECT, "an object, since it is a map with string keys");
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            map.put(name, values.read(in));
        }
        return map;
    }

    private static Map<@Nullable Object, @Nullable Object> pairMap(JsonParser in, ValueReader keys, ValueReader values)
            throws IOException {
        expect(in, JsonToken.START_ARRAY, "an array of [key, value] pairs, since it is a map without string keys");
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            expect(in, JsonToken.START_ARRAY, "a [key, value] pair");
            Object key = in.nextToken() == JsonToken.END_ARRAY ? pairMissing(in) : keys.read(in);
            Object value = in.nextToken() == JsonToken.END_ARRAY ? pairMissing(in) : values.read(in);
            map.put(key, value);
            if (in.nextToken() != JsonToken.END_ARRAY) {
                throw mismatch(in, "a pair of two");
            }
        }
        return map;
    }

    private static Object pairMissing(JsonParser in) {
        throw mismatch(in, "a pair of two");
    }

    /** Reads an object into a struct; names that the schema lacks are passed over. */
    private final class StructReader implements ValueReader {

        private final Schema schema;
        private final Field[] fields;
        private final ValueReader[] readers;

        StructReader(Schema schema) {
            this.schema = schema;
            this.fields = schema.fields().toArray(Field[]::new);
            this.readers =
                    schema.fields().stream().map(field -> of(field.schema())).toArray(ValueReader[]::new);
        }

        @Override
        public Struct read(JsonParser in) throws IOException {
            expect(in, JsonToken.START_OBJECT, "an object, since it is a struct");
            Struct struct = new Struct(schema);
            boolean[] seen = new boolean[fields.length];
            int expected = 0;
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                int index = index(name, expected);
                if (index < 0) {
                    in.skipChildren();
                } else {
                    StructValues.put(struct, fields[index], readers[index].read(in));
                    seen[index] = true;
                    expected = index + 1;
                }
            }
            return fillIn(struct, seen);
        }

        /** Fields mostly come in the order of the schema, so the one after the last is tried before any look-up. */
        private int index(String name, int expected) {
            if (expected < fields.length && fields[expected].name().equals(name)) {
                return expected;
            }
            Field field = schema.field(name);
            return field == null ? -1 : field.index();
        }

        private Struct fillIn(Struct struct, boolean[] seen) {
            for (int i = 0; i < seen.length; i++) {
                if (!seen[i]) {
                    StructValues.put(struct, fields[i], absent(fields[i].schema()));
                }
            }
            return struct;
        }
    }
}
