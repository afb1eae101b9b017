/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/** The keys under which offsets are stored, in the formats of Confluent's connector. */
public final class SourcePartition {

    private static final String TABLE = "table";
    private static final String PROTOCOL = "protocol";
    private static final Map<String, String> QUERY = Map.of("query", "query");

    private SourcePartition() {}

    /** What records of a table carry. */
    static Map<String, String> ofTable(TableId table) {
        return Map.of(PROTOCOL, "1", TABLE, table.qualified());
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

    /**
     * Checks a partition that an operator wants to alter.
     *
     * @throws ConnectException if no record could carry it
     */
    public static void check(Map<String, ?> partition) {
        Set<String> keys = partition.keySet();
        boolean table = partition.get(TABLE) instanceof String
                && (keys.equals(Set.of(TABLE)) || keys.equals(Set.of(TABLE, PROTOCOL)));
        if (!table && !partition.equals(QUERY)) {
            throw new ConnectException("the partition " + partition
                    + " is none of this connector: it must be {\"protocol\": \"1\", \"table\": \"schema.name\"} or"
                    + " {\"query\": \"query\"}");
        }
    }
}
