/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
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
     * Reads a pattern as Confluent's connector does, with the letters of Joda-Time: there {@code Y} is the year and {@code x}
     * the week's year, where Java writes {@code y} and {@code Y}.
     *
     * @throws IllegalArgumentException if it is no pattern
     */
    static DateTimeFormatter formatter(String pattern, Locale locale) {
        StringBuilder java = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char letter = pattern.charAt(i);
            quoted ^= letter == '\'';
            java.append(quoted ? letter : inJava(letter));
        }
        return DateTimeFormatter.ofPattern(java.toString(), locale);
    }

    private static char inJava(char letter) {
        return switch (letter) {
            case 'Y' -> 'y';
            case 'x' -> 'Y';
            default -> letter;
        };
    }
}
