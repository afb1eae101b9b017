/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which offsets are stored, in the formats of Confluent's connector. Their fields are in the order of their names, which
 * is Confluent's, too: Apache's worker compares the bytes of a key, so that the same fields in another order are another partition.
 */
public final class SourcePartition {

    private static final String TABLE = "table";
    private static final String PROTOCOL = "protocol";
    private static final String RANGE = "range";
    private static final Map<String, String> QUERY = Map.of("query", "query");

    private SourcePartition() {}

    /** What records of a table carry. */
    static Map<String, String> ofTable(TableId table) {
        return sorted(Map.of(PROTOCOL, "1", TABLE, table.qualified()));
    }

    /** What records carry that a table's first load reads in one of its ranges: of our own, beside Confluent's formats. */
    static Map<String, String> ofRange(TableId table, int index) {
        return sorted(Map.of(PROTOCOL, "1", TABLE, table.qualified(), RANGE, String.valueOf(index)));
    }

    /** What the offset carries that has a chunk of the keys that were told of a relation, see {@code deletes.detect}. */
    static Map<String, String> ofKeys(Map<String, String> relation, int chunk) {
        Map<String, String> partition = new TreeMap<>(relation);
        partition.put(ToldKeys.KEYS, String.valueOf(chunk));
        return Collections.unmodifiableMap(partition);
    }

    private static Map<String, String> sorted(Map<String, String> partition) {
        return Collections.unmodifiableMap(new TreeMap<>(partition));
    }

    /** True if records of a range of a first load carry it. */
    static boolean isOfRange(@Nullable Map<String, ?> partition) {
        return partition != null && partition.containsKey(RANGE);
    }

    /** What records of a query carry. */
    static Map<String, String> ofQuery() {
        return QUERY;
    }

    /** Under which a table's offset may be found, the best first: ours, with the database's name, and the old one without schema. */
    static List<Map<String, String>> candidates(TableId table) {
        return List.of(
                ofTable(table),
                sorted(Map.of(PROTOCOL, "1", TABLE, table.fullyQualified())),
                Map.of(TABLE, table.name()));
    }

    /** True unless it is of the old format, which leaves out the schema. */
    static boolean isExact(Map<String, String> partition) {
        return partition.containsKey(PROTOCOL);
    }

    /**
     * Checks a partition that an operator wants to alter.
     *
     * @throws ConnectException if no record could carry it
     */
    public static void check(@Nullable Map<String, ?> partition) {
        Map<String, Object> whole = partition == null ? new HashMap<>() : new HashMap<>(partition);
        whole.remove(ToldKeys.KEYS);
        boolean table = whole.get(TABLE) instanceof String
                && (whole.size() == 1
                        || ("1".equals(whole.get(PROTOCOL)) && whole.size() == (isOfRange(whole) ? 3 : 2)));
        if (!table && !QUERY.equals(whole)) {
            throw new ConnectException("the partition " + partition
                    + " is none of this connector: it must be {\"protocol\": \"1\", \"table\": \"schema.name\"} or"
                    + " {\"query\": \"query\"}");
        }
    }

    /**
     * Checks that keys are altered along with the offset they belong to: without some of them nobody would know which were told.
     *
     * @param altered all partitions that are altered at once
     * @throws ConnectException if it is of keys alone
     */
    public static void checkKeys(@Nullable Map<String, ?> partition, Set<? extends @Nullable Map<String, ?>> altered) {
        if (!isOfKeys(partition)) {
            return;
        }
        Map<String, Object> own = new HashMap<>(partition);
        own.remove(ToldKeys.KEYS);
        if (isOfRange(partition) || !altered.contains(own)) {
            throw new ConnectException(
                    "the partition " + partition + " has keys that were told, which belong to the offset of " + own
                            + ": alter that too, or leave these as they are; to begin anew, reset the connector's offsets");
        }
    }

    /** True if only keys that were told are stored under it, see {@code deletes.detect}. */
    static boolean isOfKeys(@Nullable Map<String, ?> partition) {
        return partition != null && partition.containsKey(ToldKeys.KEYS);
    }
}
