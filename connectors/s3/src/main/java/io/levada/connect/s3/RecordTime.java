/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Spelled;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Which time counts as a record's, under the names of Confluent's {@code timestamp.extractor}. */
enum RecordTime implements Spelled {
    WALLCLOCK("Wallclock") {
        @Override
        long of(SinkRecord record, String field, long nowMs) {
            return nowMs;
        }
    },
    RECORD("Record") {
        @Override
        long of(SinkRecord record, String field, long nowMs) {
            if (record.timestamp() == null) {
                throw new DataException("The record has no timestamp, which timestamp.extractor=Record needs");
            }
            return record.timestamp();
        }
    },
    RECORD_FIELD("RecordField") {
        @Override
        long of(SinkRecord record, String field, long nowMs) {
            return inField(FieldPath.valueOf(record.value(), field), field);
        }
    };

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
     * @throws DataException if the record has none
     */
    abstract long of(SinkRecord record, String field, long nowMs);

    private static long inField(@Nullable Object value, String field) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        if (value instanceof java.util.Date date) {
            return Timestamp.fromLogical(Timestamp.SCHEMA, date);
        }
        if (value instanceof String text) {
            try {
                return text.endsWith("Z")
                        ? Instant.parse(text).toEpochMilli()
                        : OffsetDateTime.parse(text).toInstant().toEpochMilli();
            } catch (DateTimeException e) {
                throw new DataException(
                        "Field " + field + " holds no ISO 8601 time with a zone, such as" + " 2026-01-31T12:00:00Z", e);
            }
        }
        throw new DataException("Field " + field + " of the value is "
                + (value == null ? "absent" : value.getClass()) + "; timestamp.extractor=RecordField needs a timestamp,"
                + " a number of milliseconds, or ISO 8601 text");
    }
}
