/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Writes ISO 8601 text of dates and times in UTC, as java.time's formatters do. */
final class Iso {

    /** Fraction digits as many as there are, without zeros at the end. */
    static final int AS_NEEDED = -1;

    /** {@code -999999999-12-31T24:00:00.000000000Z}. */
    private static final int LONGEST = 40;

    private final byte[] out = new byte[LONGEST];
    private int size;

    private Iso() {}

    static String date(long epochDay) {
        return new Iso().putDate(epochDay).put('Z').text();
    }

    static String time(long microOfDay) {
        return new Iso().putTime(microOfDay, AS_NEEDED).put('Z').text();
    }

    /** @param digits of the fraction, 1 to 9, or {@link #AS_NEEDED} */
    static String timestamp(long epochDay, long microOfDay, int digits) {
        return new Iso()
                .putDate(epochDay)
                .put('T')
                .putTime(microOfDay, digits)
                .put('Z')
                .text();
    }

    private Iso putDate(long epochDay) {
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        int year = date.getYear();
        if (year < 0) {
            put('-');
        } else if (year > 9999) {
            put('+');
        }
        int size = 4;
        for (long limit = 10_000; Math.abs(year) >= limit; limit *= 10) {
            size++;
        }
        return putNumber(Math.abs(year), size)
                .put('-')
                .putNumber(date.getMonthValue(), 2)
                .put('-')
                .putNumber(date.getDayOfMonth(), 2);
    }

    private Iso putTime(long microOfDay, int digits) {
        int second = (int) (microOfDay / Calendar.MICROS_PER_SECOND);
        int micro = (int) (microOfDay % Calendar.MICROS_PER_SECOND);
        putNumber(second / 3600, 2)
                .put(':')
                .putNumber(second / 60 % 60, 2)
                .put(':')
                .putNumber(second % 60, 2);
        return digits == AS_NEEDED ? putFraction(micro) : putFraction(micro, digits);
    }

    private Iso putFraction(int micro) {
        if (micro == 0) {
            return this;
        }
        int digits = 6;
        int value = micro;
        while (value % 10 == 0) {
            value /= 10;
            digits--;
        }
        return put('.').putNumber(value, digits);
    }

    private Iso putFraction(int micro, int digits) {
        put('.').putNumber(micro, 6);
        for (int i = 6; i < digits; i++) {
            put('0');
        }
        size -= Math.max(6 - digits, 0);
        return this;
    }

    private Iso putNumber(int value, int digits) {
        int rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    private Iso put(char character) {
        out[size++] = (byte) character;
        return this;
    }

    private String text() {
        return new String(out, 0, size, StandardCharsets.ISO_8859_1);
    }
}
