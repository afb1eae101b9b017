/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.json;

/**
 * Doubles that are a whole number of hundredths, as most prices and measures are: their digits are found by one multiplication, where
 * {@link Double#toString(double)} takes as long as all else that is done to write a field.
 */
public final class Hundredths {

    /** Not such a number. */
    public static final long NONE = Long.MIN_VALUE;

    /** From here on {@link Double#toString(double)} writes an exponent. */
    private static final double LIMIT = 1e7;

    private Hundredths() {}

    /** How many hundredths the value is, below ten million; {@link #NONE} if it is no whole number of them, zero, or larger. */
    public static long of(double value) {
        if (!(Math.abs(value) < LIMIT)) {
            return NONE;
        }
        long hundredths = Math.round(value * 100);
        // A number of so few digits is the only one of them that the double can stand for. Zero has a sign, which is
        // left to others.
        return hundredths != 0 && hundredths / 100.0 == value ? hundredths : NONE;
    }

    /** The text that {@link Double#toString(double)} gives for such a number. */
    public static String text(long hundredths) {
        long size = Math.abs(hundredths);
        StringBuilder text = new StringBuilder(12);
        if (hundredths < 0) {
            text.append('-');
        }
        text.append(size / 100).append('.').append((char) ('0' + size / 10 % 10));
        if (size % 10 != 0) {
            text.append((char) ('0' + size % 10));
        }
        return text.toString();
    }
}
