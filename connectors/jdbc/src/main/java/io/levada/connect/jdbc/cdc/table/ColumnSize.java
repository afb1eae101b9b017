/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TypeInfo;

/**
 * How long a column's values may be, as the driver tells it.
 *
 * @param length characters, digits or bits; -1 where it is not told
 * @param scale digits after the point; -1 where it is not told
 * @param text holds characters, so that it can be masked
 */
record ColumnSize(int length, int scale, boolean text) {

    static ColumnSize of(Connection connection, int typeOid, int typmod) throws SQLException {
        TypeInfo types = connection.unwrap(BaseConnection.class).getTypeInfo();
        boolean text = switch (types.getSQLType(typeOid)) {
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR -> true;
            default -> false;
        };
        int length = types.getPrecision(typeOid, typmod);
        if (length == 0) {
            length = types.getDisplaySize(typeOid, typmod);
        }
        return new ColumnSize(length, types.getScale(typeOid, typmod), text);
    }

    /** Whether values may be longer than this. */
    boolean mayExceed(int max) {
        return length < 0 || length > max;
    }
}
