/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/**
 * Precision and scale of a NUMERIC column.
 *
 * @param scale 0 or more: a column of negative scale holds whole numbers
 */
record NumericScale(int precision, int scale) {

    private static final int HEADER = 4;

    /** Since PostgreSQL 15 the scale has eleven bits with a sign; what could be declared before reads the same. */
    static NumericScale of(int typmod) {
        int precision = ((typmod - HEADER) >> 16) & 0xffff;
        int scale = (((typmod - HEADER) & 0x7ff) ^ 0x400) - 0x400;
        return scale < 0 ? new NumericScale(precision - scale, 0) : new NumericScale(precision, scale);
    }
}
