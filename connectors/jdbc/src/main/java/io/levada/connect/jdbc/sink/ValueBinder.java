/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Sets a statement's parameters from Connect's values. Text goes without a type, so that the server reads it as whatever the column
 * is: uuid, jsonb, inet, an enum, or a number.
 *
 * @param zone of timestamp columns without a time zone
 */
record ValueBinder(ZoneId zone) {

    void bind(PreparedStatement statement, int index, FieldValue field, Column column) throws SQLException {
        Object value = field.value();
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof Collection<?> elements) {
            bindArray(statement, index, elements, field, column);
        } else if (value instanceof Struct || value instanceof Map) {
            throw new DataException("field " + field.name() + " is a structure, which the column " + column.name()
                    + " of type " + column.typeName() + " cannot hold; flatten it with the Flatten transform");
        } else {
            bindScalar(statement, index, Temporals.of(field.schema(), value, column, zone));
        }
    }

    private static void bindScalar(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof ByteBuffer buffer) {
            statement.setBytes(index, bytes(buffer));
        } else if (value instanceof Byte number) {
            statement.setShort(index, number.shortValue());
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else {
            // Short, Integer, Long, Float, Double, Boolean, BigDecimal, and java.time: the driver knows them.
            statement.setObject(index, value);
        }
    }

    private void bindArray(
            PreparedStatement statement, int index, Collection<?> elements, FieldValue field, Column column)
            throws SQLException {
        if (column.jdbcType() != Types.ARRAY) {
            throw new DataException("field " + field.name() + " is an array, but the column " + column.name()
                    + " is of type " + column.typeName());
        }
        String type = column.typeName().substring(1);
        Schema schema = field.schema() == null ? null : field.schema().valueSchema();
        Column element = new Column(column.name(), type, Types.OTHER, 0, 0, true, false);
        @Nullable Object[] texts = new String[elements.size()];
        int i = 0;
        for (Object each : elements) {
            texts[i++] = each == null ? null : text(Temporals.of(schema, each, element, zone), field.name());
        }
        statement.setArray(index, statement.getConnection().createArrayOf(type, texts));
    }

    /** What the server reads as an element of the array's type. */
    private static String text(Object value, String field) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return "\\x" + HexFormat.of().formatHex(bytes(buffer));
        }
        if (value instanceof Collection || value instanceof Struct || value instanceof Map) {
            throw new DataException("field " + field + " is an array of arrays or structures, which no column holds");
        }
        return value.toString();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Connect's dates and times as java.time's. */
    @SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
    private static final class Temporals {

        static Object of(@Nullable Schema schema, Object value, Column column, ZoneId zone) {
            if (value instanceof Date date) {
                String name = schema == null || schema.name() == null ? "" : schema.name();
                return switch (name) {
                    case org.apache.kafka.connect.data.Date.LOGICAL_NAME -> day(Math.floorDiv(date.getTime(), DAY_MS));
                    case org.apache.kafka.connect.data.Time.LOGICAL_NAME -> timeOfDay(date.getTime());
                    default -> Moment.of(date.getTime(), isZoned(column), zone);
                };
            }
            if (schema == null && (value instanceof Long || value instanceof Integer)) {
                return unlabelled((Number) value, column, zone);
            }
            return value;
        }

        private static final long DAY_MS = 86_400_000L;

        /** JSON without schemas writes dates as days, times and timestamps as milliseconds. */
        private static Object unlabelled(Number value, Column column, ZoneId zone) {
            return switch (column.typeName()) {
                case "date" -> day(value.longValue());
                case "time" -> timeOfDay(value.longValue());
                case "timestamp", "timestamptz" -> Moment.of(value.longValue(), isZoned(column), zone);
                default -> value;
            };
        }

        private static LocalDate day(long epochDay) {
            return LocalDate.ofEpochDay(epochDay);
        }

        private static LocalTime timeOfDay(long millis) {
            return LocalTime.ofNanoOfDay(millis * 1_000_000L);
        }

        private static boolean isZoned(Column column) {
            return column.typeName().equals("timestamptz");
        }
    }

    /** A moment in the form that its column wants. */
    private static final class Moment {

        static Object of(long millis, boolean zoned, ZoneId zone) {
            if (millis == io.levada.connect.jdbc.dialect.InfiniteTimestamp.POSITIVE_MS) {
                return zoned ? OffsetDateTime.MAX : java.time.LocalDateTime.MAX;
            }
            if (millis == io.levada.connect.jdbc.dialect.InfiniteTimestamp.NEGATIVE_MS) {
                return zoned ? OffsetDateTime.MIN : java.time.LocalDateTime.MIN;
            }
            java.time.Instant instant = java.time.Instant.ofEpochMilli(millis);
            return zoned
                    ? instant.atOffset(java.time.ZoneOffset.UTC)
                    : java.time.LocalDateTime.ofInstant(instant, zone);
        }
    }
}
