/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values in the form in which the server's types read them (PostgreSQL manual, chapter 8). */
final class PostgresText {

    private PostgresText() {}

    /** Appends the text of a value that is not null. */
    static void append(StringBuilder out, Object value) {
        if (value instanceof byte[] bytes) {
            out.append("\\x").append(HexFormat.of().formatHex(bytes));
        } else if (value instanceof LocalDateTime moment) {
            append(out, moment);
        } else if (value instanceof OffsetDateTime moment) {
            append(out, moment);
        } else if (value instanceof LocalDate date) {
            boolean beforeChrist = appendDate(out, date);
            out.append(beforeChrist ? " BC" : "");
        } else if (value instanceof LocalTime time) {
            appendTime(out, time);
        } else if (value instanceof Long || value instanceof Integer) {
            out.append(((Number) value).longValue());
        } else {
            out.append(value);
        }
    }

    private static void append(StringBuilder out, LocalDateTime moment) {
        if (moment.equals(LocalDateTime.MAX) || moment.equals(LocalDateTime.MIN)) {
            out.append(moment.equals(LocalDateTime.MAX) ? "infinity" : "-infinity");
            return;
        }
        boolean beforeChrist = appendDate(out, moment.toLocalDate());
        out.append(' ');
        appendTime(out, moment.toLocalTime());
        out.append(beforeChrist ? " BC" : "");
    }

    private static void append(StringBuilder out, OffsetDateTime moment) {
        if (moment.equals(OffsetDateTime.MAX) || moment.equals(OffsetDateTime.MIN)) {
            out.append(moment.equals(OffsetDateTime.MAX) ? "infinity" : "-infinity");
            return;
        }
        LocalDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
        boolean beforeChrist = appendDate(out, utc.toLocalDate());
        out.append(' ');
        appendTime(out, utc.toLocalTime());
        out.append("+00").append(beforeChrist ? " BC" : "");
    }

    /** Tells whether the year is before Christ, which is said at the end. */
    private static boolean appendDate(StringBuilder out, LocalDate date) {
        boolean beforeChrist = date.getYear() < 1;
        int year = beforeChrist ? 1 - date.getYear() : date.getYear();
        for (int limit = 1000; limit > year && limit > 1; limit /= 10) {
            out.append('0');
        }
        out.append(year).append('-');
        twoDigits(out, date.getMonthValue());
        out.append('-');
        twoDigits(out, date.getDayOfMonth());
        return beforeChrist;
    }

    private static void appendTime(StringBuilder out, LocalTime time) {
        twoDigits(out, time.getHour());
        out.append(':');
        twoDigits(out, time.getMinute());
        out.append(':');
        twoDigits(out, time.getSecond());
        int nanos = time.getNano();
        if (nanos != 0) {
            out.append('.');
            for (int limit = 100_000_000; limit > nanos; limit /= 10) {
                out.append('0');
            }
            out.append(nanos);
        }
    }

    private static void twoDigits(StringBuilder out, int number) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /**
     * An array, of which lists among the elements are further dimensions.
     *
     * @param delimiter between two elements
     */
    static String array(List<?> elements, char delimiter) {
        StringBuilder out = new StringBuilder();
        appendArray(out, elements, delimiter);
        return out.toString();
    }

    private static void appendArray(StringBuilder out, List<?> elements, char delimiter) {
        out.append('{');
        String separator = "";
        for (Object element : elements) {
            out.append(separator);
            separator = String.valueOf(delimiter);
            appendElement(out, element, delimiter);
        }
        out.append('}');
    }

    /** Appends an element of an array, in quotes unless it is a number. */
    static void appendElement(StringBuilder out, @Nullable Object element, char delimiter) {
        if (element == null) {
            out.append("NULL");
        } else if (element instanceof Number) {
            append(out, element);
        } else if (element instanceof List<?> inner) {
            appendArray(out, inner, delimiter);
        } else {
            out.append('"');
            if (element instanceof TemporalAccessor || element instanceof Boolean) {
                append(out, element);
            } else if (element instanceof byte[]) {
                append(out.append('\\'), element); // the backslash before the digits is one of the text's own
            } else {
                appendEscaped(out, String.valueOf(element));
            }
            out.append('"');
        }
    }

    private static void appendEscaped(StringBuilder out, String text) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append(text, from, i).append('\\');
                from = i;
            }
        }
        appendRest(out, text, from);
    }

    /** Appends from a place on; the whole as one copy, which a part is not. */
    static void appendRest(StringBuilder out, String text, int from) {
        if (from == 0) {
            out.append(text);
        } else {
            out.append(text, from, text.length());
        }
    }
}
