/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of a table or of a query's result.
 *
 * @param typeName the database's own name of the type
 * @param jdbcType one of {@link java.sql.Types}
 * @param precision number of digits, 0 if not limited
 * @param optional true unless the database says that it is never null
 */
public record Column(
        String name, String typeName, int jdbcType, int precision, int scale, boolean optional, boolean autoIncrement) {

    /** The columns of a result, in order. */
    public static List<Column> of(ResultSetMetaData metadata) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            columns.add(new Column(
                    metadata.getColumnLabel(i),
                    metadata.getColumnTypeName(i),
                    metadata.getColumnType(i),
                    metadata.getPrecision(i),
                    metadata.getScale(i),
                    metadata.isNullable(i) != ResultSetMetaData.columnNoNulls,
                    metadata.isAutoIncrement(i)));
        }
        return List.copyOf(columns);
    }

    /** An element of this array column: same limits, may be null. */
    public Column element(String elementType) {
        return new Column(name, elementType, java.sql.Types.OTHER, precision, scale, true, false);
    }
}
