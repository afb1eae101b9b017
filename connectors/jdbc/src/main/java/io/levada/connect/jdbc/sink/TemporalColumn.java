/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.InfiniteTimestamp;
import io.levada.connect.jdbc.dialect.TemporalCells;
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
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times on their way to a column of that kind.
 *
 * @param zone of columns without a time zone
 * @param schema of the field, or null
 */
@SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
record TemporalColumn(
        TemporalKind kind, ZoneId zone, @Nullable Schema schema) implements ColumnValues.Conversion {

    private static final long DAY_MS = 86_400_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** The end of a day, which is a time of day of PostgreSQL's and of nobody else. */
    private static final String END_OF_DAY = "24:00:00";

    @Override
    public Object of(Object value) {
        if (value instanceof Date date) {
            return switch (logicalName()) {
                case org.apache.kafka.connect.data.Date.LOGICAL_NAME ->
                    day(LocalDate.ofEpochDay(Math.floorDiv(date.getTime(), DAY_MS)));
                case Time.LOGICAL_NAME -> time(Math.multiplyExact(date.getTime(), NANOS_PER_MILLI));
                default -> moment(date.getTime());
            };
        }
        if (value instanceof LocalDateTime local) {
            return local(local);
        }
        if (value instanceof LocalDate date) {
            return day(date);
        }
        if (value instanceof DebeziumTypes.DayNanos time) {
            return time(time.nanos());
        }
        if (schema == null && (value instanceof Long || value instanceof Integer)) {
            return unlabelled(((Number) value).longValue());
        }
        return value;
    }

    private String logicalName() {
        return schema == null || schema.name() == null ? "" : schema.name();
    }

    /** JSON without schemas writes dates as days, times and timestamps as milliseconds. */
    private Object unlabelled(long value) {
        return switch (kind) {
            case DATE -> LocalDate.ofEpochDay(value);
            case TIME -> time(Math.multiplyExact(value, NANOS_PER_MILLI));
            default -> moment(value);
        };
    }

    private Object day(LocalDate date) {
        return switch (kind) {
            case DATE -> date;
            case TIMESTAMP -> date.atStartOfDay();
            case TIMESTAMP_WITH_ZONE -> date.atStartOfDay(zone).toOffsetDateTime();
            default -> throw new DataException("is a date");
        };
    }

    private Object time(long nanos) {
        refuseUnless(kind == TemporalKind.TIME, "is a time of day");
        return nanos == DAY_MS * NANOS_PER_MILLI ? END_OF_DAY : LocalTime.ofNanoOfDay(nanos);
    }

    private Object moment(long millis) {
        boolean positive = millis == InfiniteTimestamp.POSITIVE_MS;
        if (!positive && millis != InfiniteTimestamp.NEGATIVE_MS) {
            return moment(Instant.ofEpochMilli(millis));
        }
        return switch (kind) {
            case TIMESTAMP -> positive ? LocalDateTime.MAX : LocalDateTime.MIN;
            case TIMESTAMP_WITH_ZONE -> positive ? OffsetDateTime.MAX : OffsetDateTime.MIN;
            default -> throw new DataException("is an infinite moment");
        };
    }

    private Object moment(Instant instant) {
        return kind == TemporalKind.TIMESTAMP_WITH_ZONE
                ? instant.atOffset(ZoneOffset.UTC)
                : local(LocalDateTime.ofInstant(instant, zone));
    }

    private Object local(LocalDateTime local) {
        return switch (kind) {
            case TIMESTAMP -> local;
            case TIMESTAMP_WITH_ZONE -> TemporalCells.moment(local, zone).atOffset(ZoneOffset.UTC);
            case DATE -> {
                boolean midnight = local.toLocalTime().equals(LocalTime.MIDNIGHT);
                refuseUnless(midnight, "has a time of day, which would be cut off");
                yield local.toLocalDate();
            }
            default -> throw new DataException("is a moment, whose date would be cut off");
        };
    }

    private static void refuseUnless(boolean fits, String why) {
        if (!fits) {
            throw new DataException(why);
        }
    }
}
