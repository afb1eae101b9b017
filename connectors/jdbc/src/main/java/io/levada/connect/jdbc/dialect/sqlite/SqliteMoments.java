/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Moments in SQLite, which has no type for them: text in ISO 8601, with a space or a T and maybe a zone, or whole milliseconds since
 * 1970, as its JDBC driver writes them.
 *
 * <p>To compare them, SQLite's own functions bring all to one form, which has milliseconds; those digits are rounded as they do.
 */
final class SqliteMoments {

    private static final DateTimeFormatter COMPARED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private static final DateTimeFormatter TEXT = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 3, 9, true)
            .toFormatter(Locale.ROOT);

    private SqliteMoments() {}

    /** A column, or an expression, in the form in which moments are compared. */
    static String comparable(String sql) {
        return "CASE typeof(" + sql + ") WHEN 'integer' THEN strftime('%Y-%m-%d %H:%M:%f', " + sql
                + " / 1000.0, 'unixepoch') ELSE strftime('%Y-%m-%d %H:%M:%f', " + sql + ") END";
    }

    /** The moment in that form. */
    static String compared(LocalDateTime moment) {
        return COMPARED.format(asCompared(moment));
    }

    static LocalDateTime asCompared(LocalDateTime moment) {
        return moment.plusNanos(500_000).truncatedTo(ChronoUnit.MILLIS);
    }

    /** As SQLite's functions read it. */
    static String text(LocalDateTime moment) {
        return TEXT.format(moment);
    }

    static @Nullable LocalDateTime read(ResultSet rows, int index) throws SQLException {
        Object value = rows.getObject(index);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer || value instanceof Long) {
            return LocalDateTime.ofInstant(Instant.ofEpochMilli(((Number) value).longValue()), ZoneOffset.UTC);
        }
        return parse(value.toString());
    }

    static LocalDateTime parse(String text) {
        String iso = text.replace(' ', 'T');
        try {
            if (iso.length() == 10) {
                return LocalDateTime.parse(iso + "T00:00");
            }
            boolean zoned = iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10;
            return zoned
                    ? OffsetDateTime.parse(iso)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalDateTime()
                    : LocalDateTime.parse(iso);
        } catch (DateTimeParseException e) {
            throw new DataException(
                    "'" + text + "' is no moment in the form YYYY-MM-DD HH:MM:SS, nor whole milliseconds since 1970;"
                            + " convert it with query",
                    e);
        }
    }
}
