/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * The forms a timestamp can have, and the way from any of them to the configured one by way of the milliseconds since 1970.
 *
 * @param target what timestamps become
 * @param format how text is read and written; null if not configured. Used by the task's thread only, since it has state
 * @param unixUnit what Unix times count
 */
record TimestampForms(Form target, @Nullable SimpleDateFormat format, TimeUnit unixUnit) {

    static final TimestampForms UNIX_MILLIS = new TimestampForms(Form.UNIX, null, TimeUnit.MILLISECONDS);

    private static final Schema OPTIONAL_DATE = Date.builder().optional().build();
    private static final Schema OPTIONAL_TIME = Time.builder().optional().build();
    private static final Schema OPTIONAL_TIMESTAMP =
            Timestamp.builder().optional().build();
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

    enum Form {
        STRING,
        UNIX,
        DATE,
        TIME,
        TIMESTAMP
    }

    /** @throws ConfigException if the target needs a pattern and there is none, or it is no pattern */
    static TimestampForms of(String targetType, String pattern, String unixPrecision) {
        Form target = Form.valueOf(targetType.toUpperCase(Locale.ROOT));
        if (target == Form.STRING && pattern.isBlank()) {
            throw new ConfigException(
                    "format", pattern, "must be set when target.type is string, for example yyyy-MM-dd'T'HH:mm:ss");
        }
        return new TimestampForms(
                target,
                pattern.isBlank() ? null : format(pattern),
                TimeUnit.valueOf(unixPrecision.toUpperCase(Locale.ROOT)));
    }

    private static SimpleDateFormat format(String pattern) {
        try {
            SimpleDateFormat format = new SimpleDateFormat(pattern);
            format.setTimeZone(TimeZone.getTimeZone("UTC"));
            return format;
        } catch (IllegalArgumentException e) {
            throw new ConfigException("format", pattern, "is no pattern of SimpleDateFormat: " + e.getMessage());
        }
    }

    /** The schema of converted timestamps. */
    Schema targetSchema(boolean optional) {
        return switch (target) {
            case STRING -> optional ? Schema.OPTIONAL_STRING_SCHEMA : Schema.STRING_SCHEMA;
            case UNIX -> optional ? Schema.OPTIONAL_INT64_SCHEMA : Schema.INT64_SCHEMA;
            case DATE -> optional ? OPTIONAL_DATE : Date.SCHEMA;
            case TIME -> optional ? OPTIONAL_TIME : Time.SCHEMA;
            case TIMESTAMP -> optional ? OPTIONAL_TIMESTAMP : Timestamp.SCHEMA;
        };
    }

    /** Converts schemaless data: text, a Unix time or a {@link java.util.Date}. */
    @Nullable
    Object convert(@Nullable Object timestamp) {
        if (timestamp == null) {
            return null;
        } else if (timestamp instanceof java.util.Date) {
            return convert(Form.TIMESTAMP, timestamp);
        } else if (timestamp instanceof Long) {
            return convert(Form.UNIX, timestamp);
        } else if (timestamp instanceof String) {
            return convert(Form.STRING, timestamp);
        }
        throw new DataException("Cannot convert a value of " + timestamp.getClass()
                + " as a timestamp: it must be a Date, a Long or a String");
    }

    /**
     * Converts data with a schema.
     *
     * @throws ConnectException if the schema is none of a timestamp, whatever the data
     */
    @Nullable
    Object convert(Schema schema, @Nullable Object timestamp) {
        Form form = form(schema);
        return timestamp == null ? null : convert(form, timestamp);
    }

    private static Form form(Schema schema) {
        if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
            return Form.TIMESTAMP;
        } else if (Date.LOGICAL_NAME.equals(schema.name())) {
            return Form.DATE;
        } else if (Time.LOGICAL_NAME.equals(schema.name())) {
            return Form.TIME;
        } else if (schema.type() == Schema.Type.STRING) {
            return Form.STRING;
        } else if (schema.type() == Schema.Type.INT64) {
            return Form.UNIX;
        }
        throw new ConnectException(
                "Cannot convert " + schema + " as a timestamp: it must be string, int64, Date, Time or Timestamp");
    }

    private Object convert(Form from, Object timestamp) {
        return written(
                switch (from) {
                    case STRING -> parse(expect(String.class, timestamp));
                    case UNIX -> unixUnit.toMillis(expect(Long.class, timestamp));
                    case DATE, TIME, TIMESTAMP ->
                        expect(java.util.Date.class, timestamp).getTime();
                });
    }

    private long parse(String text) {
        if (format == null) {
            throw new DataException("Cannot read a text as a timestamp: set format to its pattern");
        }
        try {
            return format.parse(text).getTime();
        } catch (ParseException e) {
            throw new DataException(
                    "Cannot read a text as a timestamp: it does not follow the format " + format.toPattern(), e);
        }
    }

    private Object written(long millis) {
        return switch (target) {
            case STRING -> text(millis);
            case UNIX -> unixUnit.convert(millis, TimeUnit.MILLISECONDS);
            case DATE -> new java.util.Date(millis - Math.floorMod(millis, DAY_MS));
            case TIME -> new java.util.Date(Math.floorMod(millis, DAY_MS));
            case TIMESTAMP -> new java.util.Date(millis);
        };
    }

    private String text(long millis) {
        if (format == null) {
            throw new IllegalStateException("a string target without a format");
        }
        return format.format(new java.util.Date(millis));
    }

    private static <T> T expect(Class<T> type, Object timestamp) {
        if (type.isInstance(timestamp)) {
            return type.cast(timestamp);
        }
        throw new DataException("Cannot convert a timestamp: its schema asks for a " + type.getName() + ", found "
                + timestamp.getClass());
    }
}
