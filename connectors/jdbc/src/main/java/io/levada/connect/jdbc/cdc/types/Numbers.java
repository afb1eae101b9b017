/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.charset.StandardCharsets;

/** Integers, floating-point numbers and booleans, from their text. */
final class Numbers {

    /** Any decimal of so many digits is exact in a double. */
    private static final int EXACT_DOUBLE_DIGITS = 15;

    private static final int EXACT_FLOAT_DIGITS = 7;

    /** Powers that a double holds exactly, as many as fraction digits are read the fast way. */
    private static final double[] DOUBLE_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private static final float[] FLOAT_POWERS = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f};

    private Numbers() {}

    static Object bool(byte[] text, int offset, int length) {
        if (length != 1 || (text[offset] != 't' && text[offset] != 'f')) {
            throw Unreadable.value("bool", text, offset, length);
        }
        return text[offset] == 't';
    }

    static Object int2(byte[] text, int offset, int length) {
        return (short) whole("int2", Short.MIN_VALUE, Short.MAX_VALUE, text, offset, length);
    }

    static Object int4(byte[] text, int offset, int length) {
        return (int) whole("int4", Integer.MIN_VALUE, Integer.MAX_VALUE, text, offset, length);
    }

    static Object int8(byte[] text, int offset, int length) {
        return whole("int8", Long.MIN_VALUE, Long.MAX_VALUE, text, offset, length);
    }

    static Object oid(byte[] text, int offset, int length) {
        return whole("oid", 0, 0xffffffffL, text, offset, length);
    }

    private static long whole(String type, long min, long max, byte[] text, int offset, int length) {
        boolean negative = length > 0 && text[offset] == '-';
        int from = negative ? offset + 1 : offset;
        int digits = offset + length - from;
        if (digits < 1 || digits > 19) {
            throw Unreadable.value(type, text, offset, length);
        }
        // Summed below zero, where there is room for the smallest number; 19 digits may pass even that, and come out
        // above.
        long sum = 0;
        for (int i = from; i < offset + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                throw Unreadable.value(type, text, offset, length);
            }
            sum = sum * 10 - digit;
        }
        long value = negative ? sum : -sum;
        if (sum > 0 || (!negative && sum == Long.MIN_VALUE) || value < min || value > max) {
            throw Unreadable.value(type, text, offset, length);
        }
        return value;
    }

    static Object float8(byte[] text, int offset, int length) {
        return float8Of("float8", text, offset, length);
    }

    static double float8Of(String type, byte[] text, int offset, int length) {
        int point = simpleDecimal(text, offset, length, EXACT_DOUBLE_DIGITS);
        if (point < 0) {
            try {
                return Double.parseDouble(general(type, text, offset, length));
            } catch (NumberFormatException e) {
                throw Unreadable.value(type, text, offset, length);
            }
        }
        // Both are exact, so that their quotient is the nearest double.
        double value = digits(text, offset, length) / DOUBLE_POWERS[offset + length - point];
        return text[offset] == '-' ? -value : value;
    }

    static Object float4(byte[] text, int offset, int length) {
        return float4Of("float4", text, offset, length);
    }

    static float float4Of(String type, byte[] text, int offset, int length) {
        int point = simpleDecimal(text, offset, length, EXACT_FLOAT_DIGITS);
        if (point < 0) {
            try {
                return Float.parseFloat(general(type, text, offset, length));
            } catch (NumberFormatException e) {
                throw Unreadable.value(type, text, offset, length);
            }
        }
        float value = digits(text, offset, length) / FLOAT_POWERS[offset + length - point];
        return text[offset] == '-' ? -value : value;
    }

    /**
     * Where the fraction digits of a decimal without exponent begin (its end, where there are none), or -1 if it is
     * something else or has more digits.
     */
    private static int simpleDecimal(byte[] text, int offset, int length, int maxDigits) {
        int end = offset + length;
        int from = length > 0 && text[offset] == '-' ? offset + 1 : offset;
        int point = -1;
        for (int i = from; i < end; i++) {
            if (text[i] == '.' && point < 0 && i > from) {
                point = i + 1;
            } else if (text[i] < '0' || text[i] > '9') {
                return -1;
            }
        }
        int digits = end - from - (point < 0 ? 0 : 1);
        if (digits < 1 || digits > maxDigits || point == end) {
            return -1;
        }
        return point < 0 ? end : point;
    }

    private static long digits(byte[] text, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            if (text[i] >= '0') {
                sum = sum * 10 + (text[i] - '0');
            }
        }
        return sum;
    }

    /** What Java and PostgreSQL agree to be a number; Java alone takes hexadecimal digits, a suffix and spaces. */
    private static String general(String type, byte[] text, int offset, int length) {
        String number = new String(text, offset, length, StandardCharsets.ISO_8859_1);
        if (number.equals("NaN") || number.equals("Infinity") || number.equals("-Infinity")) {
            return number;
        }
        for (int i = 0; i < length; i++) {
            if ("0123456789+-.e".indexOf(number.charAt(i)) < 0) {
                throw Unreadable.value(type, text, offset, length);
            }
        }
        return number;
    }
}
