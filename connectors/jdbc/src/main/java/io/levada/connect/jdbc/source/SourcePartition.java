/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** The keys under which offsets are stored, in the formats of Confluent's connector. */
public final class SourcePartition {

    private static final String TABLE = "table";
    private static final String PROTOCOL = "protocol";
    private static final String RANGE = "range";
    private static final Map<String, String> QUERY = Map.of("query", "query");

    private SourcePartition() {}

    /** What records of a table carry. */
    static Map<String, String> ofTable(TableId table) {
        return Map.of(PROTOCOL, "1", TABLE, table.qualified());
    }

    /** What records carry that a table's first load reads in one of its ranges: of our own, beside Confluent's formats. */
    static Map<String, String> ofRange(TableId table, int index) {
        return Map.of(PROTOCOL, "1", TABLE, table.qualified(), RANGE, String.valueOf(index));
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
                ofTable(table), Map.of(PROTOCOL, "1", TABLE, table.fullyQualified()), Map.of(TABLE, table.name()));
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
        boolean table = partition != null
                && partition.get(TABLE) instanceof String
                && (partition.size() == 1
                        || ("1".equals(partition.get(PROTOCOL)) && partition.size() == (isOfRange(partition) ? 3 : 2)));
        if (!table && !QUERY.equals(partition)) {
            throw new ConnectException("the partition " + partition
                    + " is none of this connector: it must be {\"protocol\": \"1\", \"table\": \"schema.name\"} or"
                    + " {\"query\": \"query\"}");
        }
    }
}
