/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a statement writes.
 *
 * @param table in SQL
 * @param keys columns that tell the row; may be empty for an INSERT
 * @param others all other columns that are written
 * @param insertOnly those among the others that a row which is there keeps as they are
 */
public record RowTarget(
        String table, Identifiers identifiers, List<Column> keys, List<Column> others, Set<Column> insertOnly) {

    public RowTarget {
        keys = List.copyOf(keys);
        others = List.copyOf(others);
        insertOnly = Set.copyOf(insertOnly);
    }

    /** Of which a row that is there gets all columns. */
    public RowTarget(String table, Identifiers identifiers, List<Column> keys, List<Column> others) {
        this(table, identifiers, keys, others, Set.of());
    }

    /** The columns that a row which is there gets. */
    public List<Column> updated() {
        return others.stream().filter(column -> !insertOnly.contains(column)).toList();
    }

    /** Keys, then the others. */
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(keys);
        columns.addAll(others);
        return columns;
    }

    /** The column's name in SQL. */
    public String sql(Column column) {
        return identifiers.sql(column.name());
    }

    /** Each column as {@code written}, with {@code separator} in between. */
    public static String join(List<Column> columns, String separator, Function<Column, String> written) {
        return columns.stream().map(written).collect(Collectors.joining(separator));
    }
}
