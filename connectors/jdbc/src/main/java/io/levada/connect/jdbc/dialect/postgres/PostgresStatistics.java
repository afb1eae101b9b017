/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the planner takes a table for, and samples of its blocks (PostgreSQL manual, SELECT, TABLESAMPLE). */
final class PostgresStatistics {

    private static final Pattern ROWS = Pattern.compile(" rows=(\\d+)");

    /** Rows in a sample: they lie together by blocks, so there are more of them than independent ones would have to be. The
     * same of a table that has not changed. */
    private static final double SAMPLED_ROWS = 30_000;

    private static final double PERCENT = 100;

    private PostgresStatistics() {}

    /** The plan's own estimate: pg_class.reltuples at the table's size of today, of all partitions, and some without ANALYZE, too. */
    static OptionalLong estimatedRows(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN SELECT 1 FROM " + table);
                ResultSet rows = statement.executeQuery()) {
            Matcher found = ROWS.matcher(rows.next() ? rows.getString(1) : "");
            return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
        }
    }

    /** The aggregate orders as the column's collation and type do. */
    static List<String> quantiles(Connection connection, String table, String column, int parts, long rows)
            throws SQLException {
        double percent = Math.min(PERCENT, PERCENT * SAMPLED_ROWS / Math.max(1, rows));
        String fractions = IntStream.range(0, parts)
                .mapToObj(i -> String.valueOf((double) i / parts))
                .collect(Collectors.joining(", "));
        String sql = "SELECT value::text FROM (SELECT percentile_disc(ARRAY[" + fractions
                + "]::float8[]) WITHIN GROUP (ORDER BY " + column + ") AS found FROM " + table
                + " TABLESAMPLE SYSTEM (" + percent
                + ") REPEATABLE (1)) AS sample, unnest(found) WITH ORDINALITY AS each(value, place)"
                + " WHERE value IS NOT NULL ORDER BY place";
        List<String> quantiles = new ArrayList<>(); // the first is the lowest of the sample: no bound
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                String value = found.getString(1);
                if (quantiles.isEmpty() || !quantiles.get(quantiles.size() - 1).equals(value)) {
                    quantiles.add(value);
                }
            }
        }
        return quantiles.isEmpty() ? List.of() : List.copyOf(quantiles.subList(1, quantiles.size()));
    }
}
