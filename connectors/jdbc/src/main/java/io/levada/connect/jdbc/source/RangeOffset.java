/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How far one range of a first load has been read, with all the ranges, so that whoever goes on takes the same ones:
 * {@code {"key": 1234, "rows": 1200, "column": "id", "ranges": "250000,500000,750000", "upto.incrementing": 999999}}, in modes with a
 * timestamp with {@code "upto.timestamp"}, in milliseconds since 1970, in the last place.
 *
 * @param key the last one read
 * @param rows read until then
 */
record RangeOffset(long key, long rows, Ranges ranges) {

    private static final String ROWS = "rows";
    private static final String COLUMN = "column";
    private static final String RANGES = "ranges";
    private static final String UPTO_INCREMENTING = "upto.incrementing";
    private static final String UPTO_TIMESTAMP = "upto.timestamp";
    private static final String KEY = "key";

    private static final Pattern BOUNDS =
            Pattern.compile("-?\\d+(\\.\\d+)?(,-?\\d+(\\.\\d+)?){0," + (Ranges.MAX - 2) + "}");

    /**
     * Reads a stored offset.
     *
     * @throws ConnectException if it is none
     */
    static RangeOffset of(Map<String, ?> stored) {
        if (!(stored.get(COLUMN) instanceof String column)
                || !(stored.get(RANGES) instanceof String bounds)
                || !BOUNDS.matcher(bounds).matches()
                || stored.containsKey(UPTO_INCREMENTING) == stored.containsKey(UPTO_TIMESTAMP)) {
            throw new ConnectException(
                    "the offset " + stored
                            + " is none of a range, which has key, rows, column, ranges and upto.incrementing or upto.timestamp");
        }
        JdbcOffset upto = stored.containsKey(UPTO_TIMESTAMP)
                ? new JdbcOffset(null, Instant.ofEpochMilli(number(stored, UPTO_TIMESTAMP)))
                : new JdbcOffset(number(stored, UPTO_INCREMENTING), null);
        return new RangeOffset(
                number(stored, KEY), number(stored, ROWS), new Ranges(column, List.of(bounds.split(",")), upto));
    }

    private static long number(Map<String, ?> stored, String key) {
        Long number = JdbcOffset.number(stored, key);
        if (number == null) {
            throw new ConnectException("the offset " + stored + " of a range has no " + key);
        }
        return number;
    }

    /** The format above. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(KEY, key);
        map.put(ROWS, rows);
        map.put(COLUMN, ranges.column());
        map.put(RANGES, String.join(",", ranges.bounds()));
        if (ranges.upto().timestamp() != null) {
            map.put(UPTO_TIMESTAMP, ranges.upto().timestamp().toEpochMilli());
        } else {
            map.put(UPTO_INCREMENTING, ranges.upto().incrementing());
        }
        return map;
    }
}
