/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.Locale;
import org.apache.kafka.connect.sink.SinkRecord;

/** Folders named after the time of a record, rounded down to a multiple of a duration on the local clock. */
record TimeFolders(DateTimeFormatter format, long durationMs, ZoneId zone) implements Partitioner {
    @Override
    public String folders(SinkRecord record, long timeMs) {
        LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochMilli(timeMs), zone);
        long localMs = local.toInstant(ZoneOffset.UTC).toEpochMilli();
        Instant rounded = Instant.ofEpochMilli(localMs - Math.floorMod(localMs, durationMs));
        return format.format(ZonedDateTime.of(LocalDateTime.ofInstant(rounded, ZoneOffset.UTC), zone));
    }

    /**
     * Reads a pattern as Confluent's connector does, with the letters of Joda-Time: there {@code Y} is the year, {@code x} and
     * {@code w} are year and number of ISO 8601's weeks, whatever the language, {@code e} is the day of the week from Monday
     * on, and {@code Z} an offset, where Java means others.
     *
     * @throws IllegalArgumentException if it is no pattern
     */
    static DateTimeFormatter formatter(String pattern, Locale locale) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        int end;
        for (int start = 0; start < pattern.length(); start = end) {
            char letter = pattern.charAt(start);
            end = letter == '\'' ? quoteEnd(pattern, start) : runEnd(pattern, start);
            if (letter == '\'') {
                builder.appendPattern(pattern.substring(start, end));
            } else {
                append(builder, letter, end - start);
            }
        }
        return builder.toFormatter(locale);
    }

    private static int runEnd(String pattern, int start) {
        int end = start + 1;
        while (end < pattern.length() && pattern.charAt(end) == pattern.charAt(start)) {
            end++;
        }
        return end;
    }

    private static int quoteEnd(String pattern, int start) {
        int end = pattern.indexOf('\'', start + 1);
        if (end < 0) {
            throw new IllegalArgumentException("a quote is not closed: " + pattern.substring(start));
        }
        return end + 1;
    }

    private static void append(DateTimeFormatterBuilder builder, char letter, int count) {
        switch (letter) {
            case 'Y', 'y' -> year(builder, letter == 'Y' ? ChronoField.YEAR_OF_ERA : ChronoField.YEAR, count);
            case 'x' -> year(builder, IsoFields.WEEK_BASED_YEAR, count);
            case 'w' -> number(builder, IsoFields.WEEK_OF_WEEK_BASED_YEAR, count);
            case 'e' -> number(builder, ChronoField.DAY_OF_WEEK, count);
            case 'D' -> number(builder, ChronoField.DAY_OF_YEAR, count);
            case 'Z' -> builder.appendPattern(count == 1 ? "xx" : count == 2 ? "xxx" : "VV");
            case 'G', 'M', 'd', 'E', 'a', 'H', 'h', 'K', 'k', 'm', 's', 'S', 'z' ->
                builder.appendPattern(String.valueOf(letter).repeat(count));
            default -> {
                if (Character.isLetter(letter)) {
                    throw new IllegalArgumentException(letter + " has no meaning; quote text: '" + letter + "'");
                }
                builder.appendLiteral(String.valueOf(letter).repeat(count));
            }
        }
    }

    /** Two letters are the last two digits, any other number that many digits at least. */
    private static void year(DateTimeFormatterBuilder builder, TemporalField field, int count) {
        if (count == 2) {
            builder.appendValueReduced(field, 2, 2, 2000);
        } else {
            number(builder, field, count);
        }
    }

    private static void number(DateTimeFormatterBuilder builder, TemporalField field, int digits) {
        builder.appendValue(field, digits, 19, SignStyle.NORMAL);
    }
}
