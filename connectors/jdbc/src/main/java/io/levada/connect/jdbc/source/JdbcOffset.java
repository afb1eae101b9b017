/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * How far a table or query has been read, in the format of Confluent's connector:
 * {@code {"incrementing": 42, "timestamp": 1700000000123, "timestamp_nanos": 123456000}}, where {@code timestamp} is in
 * milliseconds since 1970 and {@code timestamp_nanos} holds all digits below the second again.
 *
 * @param incrementing the last number, or null if none counts
 * @param timestamp the last moment of which every row has been read, or null
 */
public record JdbcOffset(
        @Nullable Long incrementing, @Nullable Instant timestamp) {

    static final JdbcOffset NONE = new JdbcOffset(null, null);

    private static final String INCREMENTING = "incrementing";
    private static final String TIMESTAMP = "timestamp";
    private static final String NANOS = "timestamp_nanos";
    private static final List<String> KEYS = List.of(INCREMENTING, TIMESTAMP, NANOS);
    private static final List<String> MORE = List.of(LateRows.LATE, ToldKeys.FORM, ToldKeys.KEYS, ToldKeys.STEP);

    /**
     * Reads a stored offset; keys that are absent count as unset.
     *
     * @throws ConnectException if a value is not a whole number
     */
    public static JdbcOffset of(@Nullable Map<String, ?> stored) {
        if (stored == null) {
            return NONE;
        }
        Long millis = number(stored, TIMESTAMP);
        Long nanos = number(stored, NANOS);
        return new JdbcOffset(number(stored, INCREMENTING), millis == null ? null : instant(millis, nanos));
    }

    /**
     * Reads an offset that an operator wants to set; null to forget it.
     *
     * @param partition whose offset it is to be
     * @param withKeys whether the keys that were told are part of it
     * @throws ConnectException if it holds what no offset holds, or too little for a place to go on at
     */
    public static void check(@Nullable Map<String, ?> partition, @Nullable Map<String, ?> offset, boolean withKeys) {
        if (offset == null) {
            return;
        }
        if (SourcePartition.isOfKeys(partition)) {
            ToldKeys.check(offset);
            return;
        }
        if (SourcePartition.isOfRange(partition)) {
            RangeOffset unused = RangeOffset.of(offset);
            return;
        }
        if (withKeys && !offset.containsKey(ToldKeys.KEYS)) {
            throw new ConnectException("the offset " + offset + " has no " + ToldKeys.KEYS + ": with "
                    + DeleteOptions.DETECT + "=keys leave that, " + ToldKeys.FORM + " and " + ToldKeys.STEP
                    + " as they are, and change only the place; to begin anew, reset the connector's offsets");
        }
        for (String key : offset.keySet()) {
            if (!KEYS.contains(key) && !MORE.contains(key)) {
                throw new ConnectException("the offset " + offset + " has the key " + key + "; there are " + KEYS);
            }
        }
        JdbcOffset read = of(offset);
        if (read.equals(NONE)) {
            throw new ConnectException("the offset " + offset + " holds neither " + INCREMENTING + " nor " + TIMESTAMP
                    + "; to begin anew, reset the offset");
        }
    }

    private static Instant instant(long millis, @Nullable Long nanos) {
        if (nanos != null && (nanos < 0 || nanos >= 1_000_000_000L)) {
            throw new ConnectException("the offset " + NANOS + " is " + nanos + " but must be below a second");
        }
        return nanos == null
                ? Instant.ofEpochMilli(millis)
                : Instant.ofEpochSecond(Math.floorDiv(millis, 1000L), nanos);
    }

    /** A whole number; null if absent. */
    static @Nullable Long number(Map<String, ?> stored, String key) {
        Object value = stored.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        throw new ConnectException("the offset " + key + " is " + value + " but must be a whole number");
    }

    /** The format above. */
    Map<String, Object> toMap() {
        if (timestamp == null) {
            return incrementing == null ? Map.of() : Map.of(INCREMENTING, incrementing);
        }
        Map<String, Object> map = new LinkedHashMap<>(4);
        if (incrementing != null) {
            map.put(INCREMENTING, incrementing);
        }
        map.put(TIMESTAMP, timestamp.toEpochMilli());
        map.put(NANOS, timestamp.getLong(ChronoField.NANO_OF_SECOND));
        return map;
    }
}
