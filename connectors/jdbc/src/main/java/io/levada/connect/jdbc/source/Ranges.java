/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.util.List;

/**
 * How a table falls into ranges, each row into one of them, whatever is in the table.
 *
 * @param column by whose values it does
 * @param bounds where a range ends and the next begins, in the server's order: one less than there are ranges
 * @param upto which rows the ranges hold: all in mode bulk ({@link JdbcOffset#NONE}); in a first load those up to a number, or in modes
 *     with a timestamp up to a moment, behind which the table is followed when all ranges are through
 */
record Ranges(String column, List<String> bounds, JdbcOffset upto) {

    /** A table is read in no more. */
    static final int MAX = 64;

    Ranges {
        bounds = List.copyOf(bounds);
        if (bounds.size() >= MAX) {
            throw new IllegalArgumentException((bounds.size() + 1) + " ranges, there may be " + MAX);
        }
    }

    int count() {
        return bounds.size() + 1;
    }

    /** The range of a number from 0. */
    KeyRange range(int index) {
        return new KeyRange(
                column, index == 0 ? null : bounds.get(index - 1), index == bounds.size() ? null : bounds.get(index));
    }

    /** Of a range in metrics and logs, such as 1/4. */
    String name(int index) {
        return (index + 1) + "/" + count();
    }

    /** True if a first load in a mode can be in these ranges. */
    boolean suits(Mode mode) {
        return mode != Mode.BULK && mode.usesTimestamp() == (upto.timestamp() != null);
    }

    /** Where the table is followed from when all ranges are through: behind every row of them. */
    JdbcOffset following(Mode mode) {
        return mode == Mode.TIMESTAMP_INCREMENTING ? new JdbcOffset(Long.MAX_VALUE, upto.timestamp()) : upto;
    }
}
