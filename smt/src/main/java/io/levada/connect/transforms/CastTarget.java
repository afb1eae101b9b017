/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.data.Values;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * A type that {@link Cast} can make.
 *
 * <ul>
 *   <li>Numbers narrow as Java's casts do, without a range check.
 *   <li>Booleans are 1 and 0; a number is true unless its integer part is 0; a text is true if it says so.
 *   <li>Text has to be a number in range for the numeric types.
 *   <li>Date, Time and Timestamp become their day or millisecond count, or their ISO-8601 text.
 *   <li>Bytes become base64 text.
 * </ul>
 */
enum CastTarget {
    INT8 {
        @Override
        Object of(Number number) {
            return number.byteValue();
        }

        @Override
        Object of(String text) {
            return Byte.parseByte(text);
        }
    },
    INT16 {
        @Override
        Object of(Number number) {
            return number.shortValue();
        }

        @Override
        Object of(String text) {
            return Short.parseShort(text);
        }
    },
    INT32 {
        @Override
        Object of(Number number) {
            return number.intValue();
        }

        @Override
        Object of(String text) {
            return Integer.parseInt(text);
        }
    },
    INT64 {
        @Override
        Object of(Number number) {
            return number.longValue();
        }

        @Override
        Object of(String text) {
            return Long.parseLong(text);
        }
    },
    FLOAT32 {
        @Override
        Object of(Number number) {
            return number.floatValue();
        }

        @Override
        Object of(String text) {
            return Float.parseFloat(text);
        }
    },
    FLOAT64 {
        @Override
        Object of(Number number) {
            return number.doubleValue();
        }

        @Override
        Object of(String text) {
            return Double.parseDouble(text);
        }
    },
    BOOLEAN {
        @Override
        Object of(Number number) {
            return number.longValue() != 0;
        }

        @Override
        Object of(String text) {
            return Boolean.parseBoolean(text);
        }
    },
    STRING {
        @Override
        Object of(Number number) {
            return number.toString();
        }

        @Override
        Object of(String text) {
            return text;
        }

        @Override
        Object raw(@Nullable Schema schema, Object value) {
            return value;
        }

        @Override
        Object ofRaw(Object value) {
            if (value instanceof java.util.Date date) {
                return Values.dateFormatFor(date).format(date);
            } else if (value instanceof byte[] bytes) {
                return Base64.getEncoder().encodeToString(bytes);
            } else if (value instanceof ByteBuffer buffer) {
                ByteBuffer whole = buffer.duplicate().rewind();
                byte[] bytes = new byte[whole.remaining()];
                whole.get(bytes);
                return Base64.getEncoder().encodeToString(bytes);
            }
            return value.toString();
        }
    };

    /** The types as users write them. */
    static final String NAMES = "int8, int16, int32, int64, float32, float64, boolean, string";

    private static final Set<Schema.Type> INPUTS =
            EnumSet.complementOf(EnumSet.of(Schema.Type.ARRAY, Schema.Type.MAP, Schema.Type.STRUCT));

    abstract Object of(Number number);

    /** @throws NumberFormatException if the text is no number of this type */
    abstract Object of(String text);

    /** A builder of this type's schema. */
    SchemaBuilder builder() {
        return new SchemaBuilder(Schema.Type.valueOf(name()));
    }

    /**
     * Casts a value.
     *
     * @param schema of the value; null for schemaless data
     * @throws DataException if the value has no counterpart in this type
     */
    @Nullable
    Object cast(@Nullable Schema schema, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        Schema.Type type = schema == null ? ConnectSchema.schemaType(value.getClass()) : schema.type();
        if (type == null || !INPUTS.contains(type)) {
            throw new DataException("Cannot cast " + (type == null ? value.getClass() : type) + " to " + this
                    + ": only numbers, booleans, strings and bytes can be cast");
        }
        try {
            return ofRaw(raw(schema, value));
        } catch (NumberFormatException e) {
            throw new DataException(
                    "Cannot cast a string to " + this + ": it is not such a number, or out of range", e);
        }
    }

    /** The value that represents a logical type; the value itself if it has none. */
    Object raw(@Nullable Schema schema, Object value) {
        if (schema == null || schema.name() == null) {
            return value;
        }
        return switch (schema.name()) {
            case Date.LOGICAL_NAME -> Date.fromLogical(schema, (java.util.Date) value);
            case Time.LOGICAL_NAME -> Time.fromLogical(schema, (java.util.Date) value);
            case Timestamp.LOGICAL_NAME -> Timestamp.fromLogical(schema, (java.util.Date) value);
            default -> value;
        };
    }

    Object ofRaw(Object value) {
        if (value instanceof Number number) {
            return of(number);
        } else if (value instanceof Boolean flag) {
            return this == BOOLEAN ? flag : of(flag ? (Number) 1 : (Number) 0);
        } else if (value instanceof String text) {
            return of(text);
        }
        throw new DataException("Cannot cast a value of " + value.getClass() + " to " + this + "; string might do");
    }
}
