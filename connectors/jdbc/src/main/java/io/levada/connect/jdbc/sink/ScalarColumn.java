/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.api.json.Hundredths;
import io.levada.connect.jdbc.dialect.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, text, bytes and booleans on their way to a column of none of the kinds of time. What databases round without a word is
 * refused: digits that a decimal number, or fractions that a whole one, has not got.
 *
 * @param schema of the field, or null
 */
@SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
record ScalarColumn(Column column, @Nullable Schema schema) implements ColumnValues.Conversion {

    /** Whole numbers up to here are exact in a column of type double precision, and of type real. */
    private static final long DOUBLE_EXACT_MAX = 1L << 53;

    private static final long REAL_EXACT_MAX = 1L << 24;

    /** With which PostgreSQL's own text of bytes begins. */
    private static final String HEX = "\\x";

    @Override
    public Object of(Object value) {
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (value instanceof Date date) {
            return date(date);
        }
        if (value instanceof String text) {
            refuseHalves(text);
            return schema == null && isBinary() && !text.startsWith(HEX) ? decoded(text) : text;
        }
        return value instanceof byte[] || (value instanceof Boolean && !isText()) ? value : value.toString();
    }

    /** JSON without schemas writes bytes in base64. */
    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new DataException("is text, and not the base64 in which JSON has bytes", e);
        }
    }

    private boolean isBinary() {
        return switch (column.jdbcType()) {
            // H2 counts its UUID among them, which is written as text.
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                !column.typeName().equals("UUID");
            // An element of an array has no number.
            default -> column.typeName().equals("bytea");
        };
    }

    /** Half of a character has no form in UTF-8, and drivers write a question mark in its place. */
    private static void refuseHalves(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean whole = Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!whole) {
                    throw new DataException("has half of a character, a surrogate without its other");
                }
                i++;
            }
        }
    }

    private Object number(Number number) {
        return switch (column.jdbcType()) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> whole(number);
            case Types.REAL -> floating(number, REAL_EXACT_MAX);
            case Types.DOUBLE, Types.FLOAT -> floating(number, DOUBLE_EXACT_MAX);
            case Types.NUMERIC, Types.DECIMAL -> decimal(number);
            case Types.BIT, Types.BOOLEAN -> column.typeName().startsWith("bool") ? flag(number) : number;
            // The server reads the digits as whatever the column is, a domain for instance; its casts would cut some.
            default -> text(number);
        };
    }

    private static Boolean flag(Number number) {
        BigDecimal decimal = exact(number);
        if (decimal == null || (decimal.signum() != 0 && decimal.compareTo(BigDecimal.ONE) != 0)) {
            throw new DataException("is neither 0 nor 1, of which a truth value is made");
        }
        return decimal.signum() != 0;
    }

    private static Number whole(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short) {
            return number;
        }
        if (number instanceof Byte) {
            return number.shortValue();
        }
        BigDecimal decimal = exact(number);
        if (decimal == null
                || (decimal.signum() != 0 && decimal.stripTrailingZeros().scale() > 0)) {
            throw new DataException("has a fraction, which would be rounded");
        }
        BigInteger whole = decimal.toBigInteger();
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : (Number) decimal;
    }

    private static Number floating(Number number, long exactMax) {
        boolean whole = number instanceof Long || number instanceof Integer;
        if (whole && Math.abs(number.longValue()) > exactMax) {
            throw new DataException("has more digits than the column, which would be rounded");
        }
        return number instanceof Byte ? (Number) number.shortValue() : number;
    }

    private Number decimal(Number number) {
        BigDecimal decimal = exact(number);
        if (decimal == null) {
            return number;
        }
        // A binary fraction is rounded by its nature; a decimal one has all its digits on purpose.
        if (number instanceof BigDecimal && column.precision() > 0 && hasMoreDigits(decimal)) {
            throw new DataException("has more digits after the point than the column, which would be rounded");
        }
        return decimal;
    }

    private boolean hasMoreDigits(BigDecimal decimal) {
        return decimal.scale() > column.scale()
                && decimal.signum() != 0
                && decimal.stripTrailingZeros().scale() > column.scale();
    }

    /** The number with the digits that it shows; null for what is no number or infinite. */
    private static @Nullable BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        long hundredths = number instanceof Double ? Hundredths.of(number.doubleValue()) : Hundredths.NONE;
        if (hundredths != Hundredths.NONE) {
            return hundredths % 10 == 0 ? BigDecimal.valueOf(hundredths / 10, 1) : BigDecimal.valueOf(hundredths, 2);
        }
        return Double.isFinite(number.doubleValue()) ? new BigDecimal(number.toString()) : null;
    }

    private static String text(Number number) {
        return number instanceof BigDecimal decimal ? decimal.toPlainString() : number.toString();
    }

    /** As ISO 8601 has it: text columns keep it so, others read or refuse it. */
    private String date(Date date) {
        String logical = schema == null || schema.name() == null ? "" : schema.name();
        OffsetDateTime moment = date.toInstant().atOffset(ZoneOffset.UTC);
        return switch (logical) {
            case org.apache.kafka.connect.data.Date.LOGICAL_NAME ->
                moment.toLocalDate().toString();
            case Time.LOGICAL_NAME -> moment.toLocalTime().toString();
            default -> moment.toString();
        };
    }

    private boolean isText() {
        return switch (column.jdbcType()) {
            case Types.CHAR,
                    Types.VARCHAR,
                    Types.LONGVARCHAR,
                    Types.NCHAR,
                    Types.NVARCHAR,
                    Types.LONGNVARCHAR,
                    Types.CLOB,
                    Types.NCLOB -> true;
            default -> false;
        };
    }
}
