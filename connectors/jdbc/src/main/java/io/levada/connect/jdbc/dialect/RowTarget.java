/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a statement writes.
 *
 * @param table in SQL
 * @param keys columns that tell the row; may be empty for an INSERT
 * @param others all other columns that are written
 */
public record RowTarget(String table, Identifiers identifiers, List<Column> keys, List<Column> others) {

    public RowTarget {
        keys = List.copyOf(keys);
        others = List.copyOf(others);
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
