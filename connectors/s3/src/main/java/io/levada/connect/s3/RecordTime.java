/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Spelled;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Which time counts as a record's, under the names of Confluent's {@code timestamp.extractor}. */
enum RecordTime implements Spelled {
    WALLCLOCK("Wallclock") {
        @Override
        long of(SinkRecord record, String field, ZoneId zone, long nowMs) {
            return nowMs;
        }
    },
    RECORD("Record") {
        @Override
        long of(SinkRecord record, String field, ZoneId zone, long nowMs) {
            if (record.timestamp() == null) {
                throw new DataException("The record has no timestamp, which timestamp.extractor=Record needs");
            }
            return record.timestamp();
        }
    },
    RECORD_FIELD("RecordField") {
        @Override
        long of(SinkRecord record, String field, ZoneId zone, long nowMs) {
            return inField(FieldPath.valueOf(record.value(), field), field, zone);
        }
    };

    private static final Pattern MILLIS = Pattern.compile("-?\\d{1,18}");
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendPattern("[XXX][X]")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final String spelling;

    RecordTime(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    /**
     * The time in milliseconds since 1970.
     *
     * @param zone of texts that have none of their own
     * @throws DataException if the record has none
     */
    abstract long of(SinkRecord record, String field, ZoneId zone, long nowMs);

    private static long inField(@Nullable Object value, String field, ZoneId zone) {
        if (value instanceof Number number) {
            return millis(number, field);
        }
        if (value instanceof java.util.Date date) {
            return Timestamp.fromLogical(Timestamp.SCHEMA, date);
        }
        if (value instanceof String text) {
            return millis(text, field, zone);
        }
        throw new DataException("Field " + field + " of the value is "
                + (value == null ? "absent" : value.getClass()) + "; timestamp.extractor=RecordField needs a timestamp,"
                + " a number of milliseconds, or ISO 8601 text");
    }

    private static long millis(Number number, String field) {
        double rough = number.doubleValue();
        if (Double.isNaN(rough) || Math.abs(rough) >= Long.MAX_VALUE) {
            throw new DataException("Field " + field + " holds " + number + ", which is no number of milliseconds");
        }
        return number.longValue();
    }

    /** A number of milliseconds, or a date that may have a time that may have a zone. */
    private static long millis(String text, String field, ZoneId zone) {
        if (MILLIS.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        try {
            TemporalAccessor time = ISO.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
            Instant instant = time instanceof LocalDate date
                    ? date.atStartOfDay(zone).toInstant()
                    : time instanceof LocalDateTime local ? local.atZone(zone).toInstant() : Instant.from(time);
            return instant.toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new DataException(
                    "Field " + field + " holds neither milliseconds nor an ISO 8601 date or time, such as"
                            + " 2026-01-31T12:00:00Z",
                    e);
        }
    }
}
