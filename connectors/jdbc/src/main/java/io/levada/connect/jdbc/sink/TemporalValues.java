/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.InfiniteTimestamp;
import io.levada.connect.jdbc.dialect.TemporalKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.jspecify.annotations.Nullable;

/**
 * Connect's dates and times as java.time's.
 *
 * @param zone of timestamp columns without a time zone
 */
@SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
record TemporalValues(Dialect dialect, ZoneId zone) {

    private static final long DAY_MS = 86_400_000L;

    /** The value as its column wants it; anything but a date or time is given back as it is. */
    Object of(@Nullable Schema schema, Object value, Column column) {
        if (value instanceof Date date) {
            String name = schema == null || schema.name() == null ? "" : schema.name();
            return switch (name) {
                case org.apache.kafka.connect.data.Date.LOGICAL_NAME ->
                    LocalDate.ofEpochDay(Math.floorDiv(date.getTime(), DAY_MS));
                case Time.LOGICAL_NAME -> timeOfDay(date.getTime());
                default -> moment(date.getTime(), column);
            };
        }
        if (schema == null && (value instanceof Long || value instanceof Integer)) {
            return unlabelled((Number) value, column);
        }
        return value;
    }

    /** JSON without schemas writes dates as days, times and timestamps as milliseconds. */
    private Object unlabelled(Number value, Column column) {
        return switch (dialect.temporal(column)) {
            case DATE -> LocalDate.ofEpochDay(value.longValue());
            case TIME -> timeOfDay(value.longValue());
            case TIMESTAMP, TIMESTAMP_WITH_ZONE -> moment(value.longValue(), column);
            case NONE -> value;
        };
    }

    private static LocalTime timeOfDay(long millis) {
        return LocalTime.ofNanoOfDay(millis * 1_000_000L);
    }

    private Object moment(long millis, Column column) {
        boolean zoned = dialect.temporal(column) == TemporalKind.TIMESTAMP_WITH_ZONE;
        if (millis == InfiniteTimestamp.POSITIVE_MS) {
            return zoned ? OffsetDateTime.MAX : LocalDateTime.MAX;
        }
        if (millis == InfiniteTimestamp.NEGATIVE_MS) {
            return zoned ? OffsetDateTime.MIN : LocalDateTime.MIN;
        }
        Instant instant = Instant.ofEpochMilli(millis);
        return zoned ? instant.atOffset(ZoneOffset.UTC) : LocalDateTime.ofInstant(instant, zone);
    }
}
