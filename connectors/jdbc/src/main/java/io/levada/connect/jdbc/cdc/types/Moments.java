/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/**
 * Reads TIMESTAMP and TIMESTAMPTZ.
 *
 * @param type named where a text cannot be read
 * @param zoned whether the text ends in a zone
 */
record Moments(String type, boolean zoned, Form form) implements Reader {

    /** What moments and infinity become. */
    interface Form {

        /** @param microOfDay both in UTC */
        Object of(long epochDay, long microOfDay);

        Object infinity(boolean positive);
    }

    @Override
    public Object read(byte[] text, int offset, int length) {
        int infinity = Calendar.infinity(text, offset, length);
        if (infinity != 0) {
            return form.infinity(infinity > 0);
        }
        boolean beforeChrist = Calendar.isBeforeChrist(text, offset, length);
        int end = offset + length - (beforeChrist ? 3 : 0);
        int dateEnd = Calendar.dateEnd(text, offset, end);
        int timeEnd = zoned ? Calendar.zoneStart(text, dateEnd + 1, end) : end;
        long day = Calendar.epochDay(text, offset, dateEnd, beforeChrist);
        long micro =
                dateEnd < end && text[dateEnd] == ' ' ? Calendar.microOfDay(text, dateEnd + 1, timeEnd) : Calendar.NONE;
        int seconds = zoned ? Calendar.zoneSeconds(text, timeEnd, end) : 0;
        if (day == Calendar.NONE || micro == Calendar.NONE || seconds == Calendar.NO_ZONE) {
            throw Unreadable.value(type, text, offset, length);
        }
        long utc = micro - seconds * Calendar.MICROS_PER_SECOND;
        return form.of(day + Math.floorDiv(utc, Calendar.MICROS_PER_DAY), Math.floorMod(utc, Calendar.MICROS_PER_DAY));
    }
}
