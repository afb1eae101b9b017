/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.time.Year;

/** Dates and times of day from PostgreSQL's ISO text, without any object. */
final class Calendar {

    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    /** No date and no time of day. */
    static final long NONE = Long.MIN_VALUE;

    static final int NO_ZONE = Integer.MIN_VALUE;

    /** {@code HH:MM:SS}. */
    static final int TIME_LENGTH = 8;

    /** {@code -MM-DD}. */
    private static final int MONTH_AND_DAY_LENGTH = 6;

    private static final int SHORTEST_YEAR = 4;
    private static final int LONGEST_YEAR = 7;

    private static final int[] MONTH_LENGTHS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private static final int DAYS_PER_ERA = 146_097;

    /** From the first of March of the year 0 to the first day of 1970. */
    private static final int DAYS_BEFORE_EPOCH = 719_468;

    private Calendar() {}

    static boolean isBeforeChrist(byte[] text, int offset, int length) {
        int end = offset + length;
        return length > 3 && text[end - 1] == 'C' && text[end - 2] == 'B' && text[end - 3] == ' ';
    }

    /** Where the date that begins at offset ends, at most at end; end where it is no date. */
    static int dateEnd(byte[] text, int offset, int end) {
        int last = Math.min(end - MONTH_AND_DAY_LENGTH, offset + LONGEST_YEAR);
        for (int i = offset + SHORTEST_YEAR; i <= last; i++) {
            if (text[i] == '-') {
                return i + MONTH_AND_DAY_LENGTH;
            }
        }
        return end;
    }

    /** Days since 1970 of {@code YYYY-MM-DD}, or {@link #NONE}. */
    static long epochDay(byte[] text, int offset, int end, boolean beforeChrist) {
        int yearEnd = end - MONTH_AND_DAY_LENGTH;
        if (yearEnd < offset + SHORTEST_YEAR
                || yearEnd > offset + LONGEST_YEAR
                || text[yearEnd] != '-'
                || text[yearEnd + 3] != '-') {
            return NONE;
        }
        int year = number(text, offset, yearEnd);
        int month = number(text, yearEnd + 1, yearEnd + 3);
        int day = number(text, yearEnd + 4, end);
        if (year < 1 || month < 1 || month > 12 || day < 1 || day > MONTH_LENGTHS[month - 1]) {
            return NONE;
        }
        int proleptic = beforeChrist ? 1 - year : year;
        boolean noLeapDay = month == 2 && day == 29 && !Year.isLeap(proleptic);
        return noLeapDay ? NONE : epochDay(proleptic, month, day);
    }

    /** Counts from March on, so that the leap day is a year's last. */
    private static long epochDay(int year, int month, int day) {
        int shifted = month > 2 ? year : year - 1;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return (long) era * DAYS_PER_ERA + dayOfEra - DAYS_BEFORE_EPOCH;
    }

    /** Microseconds since midnight of {@code HH:MM:SS} and at most six fraction digits, to 24:00; or {@link #NONE}. */
    static long microOfDay(byte[] text, int offset, int end) {
        if (end - offset < TIME_LENGTH || text[offset + 2] != ':' || text[offset + 5] != ':') {
            return NONE;
        }
        int hour = number(text, offset, offset + 2);
        int minute = number(text, offset + 3, offset + 5);
        int second = number(text, offset + 6, offset + TIME_LENGTH);
        int micro = fraction(text, offset + TIME_LENGTH, end);
        if (hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 59 || micro < 0) {
            return NONE;
        }
        long sum = (hour * 3600L + minute * 60L + second) * MICROS_PER_SECOND + micro;
        return sum > MICROS_PER_DAY ? NONE : sum;
    }

    /** Microseconds of a point and its digits, or of nothing; -1 for anything else. */
    static int fraction(byte[] text, int offset, int end) {
        int digits = end - offset - 1;
        if (digits < 0) {
            return 0;
        }
        int micros = digits > 6 || text[offset] != '.' ? -1 : number(text, offset + 1, end);
        for (int i = digits; i < 6 && micros > 0; i++) {
            micros *= 10;
        }
        return micros;
    }

    /** Seconds east of UTC of {@code +HH}, {@code +HH:MM} or {@code +HH:MM:SS}, or {@link #NO_ZONE}. */
    static int zoneSeconds(byte[] text, int offset, int end) {
        int seconds = 0;
        int unit = 3600;
        for (int i = offset; i + 3 <= end; i += 3, unit /= 60) {
            int part = number(text, i + 1, i + 3);
            if (part < 0 || unit == 0 || (i > offset && text[i] != ':')) {
                return NO_ZONE;
            }
            seconds += part * unit;
        }
        boolean signed = offset < end && (text[offset] == '+' || text[offset] == '-');
        if (!signed || (end - offset) % 3 != 0) {
            return NO_ZONE;
        }
        return text[offset] == '-' ? -seconds : seconds;
    }

    /** Where the sign of a zone is, at offset or later; end where there is none. */
    static int zoneStart(byte[] text, int offset, int end) {
        for (int i = Math.min(offset + TIME_LENGTH, end); i < end; i++) {
            if (text[i] == '+' || text[i] == '-') {
                return i;
            }
        }
        return end;
    }

    /** Of at most nine digits; -1 if there are none or something else. */
    static int number(byte[] text, int offset, int end) {
        int sum = 0;
        for (int i = offset; i < end; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            sum = sum * 10 + digit;
        }
        return offset < end ? sum : -1;
    }

    /** 1 for {@code infinity}, -1 for {@code -infinity}, else 0. */
    static int infinity(byte[] text, int offset, int length) {
        if (length == 8 && text[offset] == 'i') {
            return Text.read(text, offset, length).equals("infinity") ? 1 : 0;
        }
        return length == 9
                        && text[offset + 1] == 'i'
                        && Text.read(text, offset, length).equals("-infinity")
                ? -1
                : 0;
    }
}
