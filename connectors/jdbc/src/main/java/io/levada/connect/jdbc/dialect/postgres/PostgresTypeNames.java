/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.Column;
import java.sql.Types;
import java.util.Map;

/** Names of types, as the driver writes them: {@code _int4} is the array of int4, and one outside the search path is in quotes. */
final class PostgresTypeNames {

    /** Those that do not have a comma between two elements of an array: box, and PostGIS's. */
    private static final Map<String, Character> DELIMITERS = Map.of("box", ';', "geometry", ':', "geography", ':');

    private PostgresTypeNames() {}

    /** Whether values are lists to us: int2vector and oidvector are arrays to the catalogue, but their text is none. */
    static boolean isArray(Column column) {
        return column.jdbcType() == Types.ARRAY
                && (column.typeName().startsWith("_") || column.typeName().contains(".\"_"));
    }

    /** What stands between two values of the column's type in an array (PostgreSQL manual, section 8.15.2). */
    static char delimiter(Column column) {
        String name = column.typeName();
        int quoted = name.lastIndexOf(".\"");
        return DELIMITERS.getOrDefault(quoted < 0 ? name : name.substring(quoted + 2, name.length() - 1), ',');
    }

    /** The column of one element of this array column. */
    static Column element(Column array) {
        String name = array.typeName();
        int quoted = name.lastIndexOf(".\"_");
        if (quoted >= 0) {
            return array.element(name.substring(0, quoted + 2) + name.substring(quoted + 3));
        }
        return array.element(name.startsWith("_") ? name.substring(1) : name);
    }
}
