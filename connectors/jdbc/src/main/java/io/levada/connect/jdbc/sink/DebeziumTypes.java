/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.InfiniteTimestamp;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The types by which change capture names what a number or a structure means, ours and Debezium's. */
@SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
final class DebeziumTypes {

    private static final String TIME = "io.debezium.time.";
    private static final String DATA = "io.debezium.data.";
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long MICROS_PER_MILLI = 1_000L;

    private DebeziumTypes() {}

    /** A time of day, which may be the end of the day. */
    record DayNanos(long nanos) {}

    /** What the value means, or the value itself where its schema does not name one of these types. */
    static Object plain(@Nullable Schema schema, Object value) {
        String name = schema == null ? null : schema.name();
        if (name == null) {
            return value;
        }
        if (value instanceof Number number && name.startsWith(TIME)) {
            return time(name.substring(TIME.length()), number);
        }
        if (value instanceof Struct struct && name.equals(DATA + "VariableScaleDecimal")) {
            return new BigDecimal(new BigInteger(bytes(struct.get("value"))), struct.getInt32("scale"));
        }
        if (name.equals(DATA + "Bits") && (value instanceof byte[] || value instanceof ByteBuffer) && schema != null) {
            return bits(bytes(value), schema.parameters().get("length"));
        }
        return value;
    }

    private static Object time(String type, Number number) {
        long value = number.longValue();
        return switch (type) {
            case "Date" -> LocalDate.ofEpochDay(value);
            case "Time" -> new DayNanos(Math.multiplyExact(value, NANOS_PER_MILLI));
            case "MicroTime" -> new DayNanos(Math.multiplyExact(value, NANOS_PER_MICRO));
            case "NanoTime" -> new DayNanos(value);
            case "Timestamp" -> local(value, ChronoUnit.MILLIS);
            case "MicroTimestamp" -> local(value, ChronoUnit.MICROS);
            case "NanoTimestamp" -> local(value, ChronoUnit.NANOS);
            case "MicroDuration" -> value + " microseconds";
            default -> number;
        };
    }

    /** What a calendar shows, as a moment of UTC; infinity as Connect's Timestamp has it. */
    private static Object local(long value, ChronoUnit unit) {
        if (isInfinite(value, InfiniteTimestamp.POSITIVE_MS, Long.MAX_VALUE, unit)) {
            return new Date(InfiniteTimestamp.POSITIVE_MS);
        }
        if (isInfinite(value, InfiniteTimestamp.NEGATIVE_MS, Long.MIN_VALUE, unit)) {
            return new Date(InfiniteTimestamp.NEGATIVE_MS);
        }
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(value, unit), ZoneOffset.UTC);
    }

    /** Debezium takes the driver's milliseconds of infinity for microseconds, of which it makes milliseconds where the column has no more digits. */
    private static boolean isInfinite(long value, long driversMs, long end, ChronoUnit unit) {
        return value == driversMs
                || value == end
                || (unit == ChronoUnit.MILLIS && value == driversMs / MICROS_PER_MILLI);
    }

    /** The lowest bit is the first of the first byte; zeros at the end are left out. */
    private static String bits(byte[] bytes, @Nullable String length) {
        int size = length == null ? Integer.MAX_VALUE : Integer.parseInt(length);
        if (size == Integer.MAX_VALUE) {
            throw new DataException("is a bit string whose length is not told");
        }
        StringBuilder text = new StringBuilder(size);
        for (int i = size - 1; i >= 0; i--) {
            boolean set = i / Byte.SIZE < bytes.length && (bytes[i / Byte.SIZE] >> (i % Byte.SIZE) & 1) == 1;
            text.append(set ? '1' : '0');
        }
        return text.toString();
    }

    private static byte[] bytes(Object value) {
        if (value instanceof byte[] array) {
            return array;
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
