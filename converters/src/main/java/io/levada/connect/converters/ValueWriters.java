/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.levada.connect.api.json.Hundredths;
import io.levada.connect.converters.JsonConverterConfig.DecimalFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Collection;
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
 * Compiles a schema into the writer of its data, so that a record costs no decision about types.
 *
 * @param decimals how decimals are written
 * @param replaceNullWithDefault whether a null with a default is written as that
 */
record ValueWriters(DecimalFormat decimals, boolean replaceNullWithDefault) {

    ValueWriter of(Schema schema) {
        return nullSafe(schema, ofNonNull(schema));
    }

    private ValueWriter nullSafe(Schema schema, PresentWriter writer) {
        Object replacement = replaceNullWithDefault ? schema.defaultValue() : null;
        return (out, value) -> {
            Object written = value == null ? replacement : value;
            if (written != null) {
                writer.write(out, written);
            } else if (schema.isOptional()) {
                out.writeNull();
            } else {
                throw new DataException(
                        "Cannot write null as JSON: its schema " + schema + " is required and has no default");
            }
        };
    }

    private PresentWriter ofNonNull(Schema schema) {
        return switch (schema.name() == null ? "" : schema.name()) {
            case Decimal.LOGICAL_NAME -> decimal(schema);
            case Date.LOGICAL_NAME -> (out, value) -> out.writeNumber(Date.fromLogical(schema, (java.util.Date) value));
            case Time.LOGICAL_NAME -> (out, value) -> out.writeNumber(Time.fromLogical(schema, (java.util.Date) value));
            case Timestamp.LOGICAL_NAME ->
                (out, value) -> out.writeNumber(Timestamp.fromLogical(schema, (java.util.Date) value));
            default -> ofType(schema);
        };
    }

    private PresentWriter ofType(Schema schema) {
        return switch (schema.type()) {
            case ARRAY -> array(of(schema.valueSchema()));
            case MAP -> map(schema);
            case STRUCT -> struct(schema);
            default -> primitive(schema.type());
        };
    }

    private PresentWriter decimal(Schema schema) {
        return decimals == DecimalFormat.NUMERIC
                ? (out, value) -> out.writeNumber((BigDecimal) value)
                : (out, value) -> out.writeBinary(Decimal.fromLogical(schema, (BigDecimal) value));
    }

    /** The writer of a type that needs no more of the schema than that. */
    static PresentWriter primitive(Schema.Type type) {
        return switch (type) {
            case INT8 -> (out, value) -> out.writeNumber((Byte) value);
            case INT16 -> (out, value) -> out.writeNumber((Short) value);
            case INT32 -> (out, value) -> out.writeNumber((Integer) value);
            case INT64 -> (out, value) -> out.writeNumber((Long) value);
            case FLOAT32 -> (out, value) -> out.writeNumber((Float) value);
            case FLOAT64 -> (out, value) -> number(out, (Double) value);
            case BOOLEAN -> (out, value) -> out.writeBoolean((Boolean) value);
            case STRING -> (out, value) -> out.writeString(((CharSequence) value).toString());
            case BYTES -> ValueWriters::bytes;
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException("not a primitive: " + type);
        };
    }

    private static void number(JsonGenerator out, double value) throws IOException {
        long hundredths = Hundredths.of(value);
        if (hundredths == Hundredths.NONE) {
            out.writeNumber(value);
        } else {
            out.writeNumber(Hundredths.text(hundredths));
        }
    }

    private static void bytes(JsonGenerator out, Object value) throws IOException {
        if (value instanceof ByteBuffer buffer) {
            ByteBuffer whole = buffer.duplicate().rewind();
            byte[] bytes = new byte[whole.remaining()];
            whole.get(bytes);
            out.writeBinary(bytes);
        } else {
            out.writeBinary((byte[]) value);
        }
    }

    private static PresentWriter array(ValueWriter elements) {
        return (out, value) -> {
            out.writeStartArray();
            for (Object element : (Collection<?>) value) {
                elements.write(out, element);
            }
            out.writeEndArray();
        };
    }

    /** An object if the keys are strings, otherwise an array of {@code [key, value]} pairs. */
    private PresentWriter map(Schema schema) {
        ValueWriter values = of(schema.valueSchema());
        if (schema.keySchema().type() == Schema.Type.STRING) {
            return (out, value) -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    values.write(out, entry.getValue());
                }
                out.writeEndObject();
            };
        }
        ValueWriter keys = of(schema.keySchema());
        return (out, value) -> pairs(out, (Map<?, ?>) value, keys, values);
    }

    static void pairs(JsonGenerator out, Map<?, ?> map, ValueWriter keys, ValueWriter values) throws IOException {
        out.writeStartArray();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.writeStartArray();
            keys.write(out, entry.getKey());
            values.write(out, entry.getValue());
            out.writeEndArray();
        }
        out.writeEndArray();
    }

    private PresentWriter struct(Schema schema) {
        List<FieldWriter> fields = schema.fields().stream()
                .map(field -> FieldWriter.of(field, of(field.schema())))
                .toList();
        return (out, value) -> {
            Struct struct = (Struct) value;
            if (!struct.schema().equals(schema)) {
                throw new DataException(
                        "Cannot write a struct of " + struct.schema() + " as JSON: the record's schema says " + schema);
            }
            out.writeStartObject();
            for (FieldWriter field : fields) {
                field.write(out, struct, replaceNullWithDefault);
            }
            out.writeEndObject();
        };
    }

    /** @param encodedName the name as UTF-8, made once; null for a name that Jackson would encode differently from a plain string */
    private record FieldWriter(Field field, @Nullable SerializedString encodedName, ValueWriter writer) {

        static FieldWriter of(Field field, ValueWriter writer) {
            boolean beyondBmp = field.name().chars().anyMatch(c -> Character.isSurrogate((char) c));
            return new FieldWriter(field, beyondBmp ? null : new SerializedString(field.name()), writer);
        }

        void write(JsonGenerator out, Struct struct, boolean replaceNullWithDefault) throws IOException {
            if (encodedName == null) {
                out.writeFieldName(field.name());
            } else {
                out.writeFieldName(encodedName);
            }
            writer.write(out, replaceNullWithDefault ? struct.get(field) : struct.getWithoutDefault(field.name()));
        }
    }

    /** Writes data that is there; what null becomes has been decided before. */
    @FunctionalInterface
    interface PresentWriter {
        void write(JsonGenerator out, Object value) throws IOException;
    }
}
