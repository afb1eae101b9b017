/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import io.levada.connect.jdbc.cdc.types.PgType;
import io.levada.connect.jdbc.cdc.types.TypeCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TypeInfo;

/**
 * How long a column's values may be, as the driver tells it.
 *
 * @param length characters, digits or bits; -1 where it is not told
 * @param scale digits after the point; -1 where it is not told
 * @param text told as a string, so that it can be masked
 */
record ColumnSize(int length, int scale, boolean text) {

    /** @param catalog knows what domains are over, which the driver does not tell of columns in the log */
    static ColumnSize of(Connection connection, TypeCatalog catalog, Column column, boolean text) throws SQLException {
        TypeInfo types = connection.unwrap(BaseConnection.class).getTypeInfo();
        int typmod = column.typmod();
        PgType type = catalog.get(column.typeOid());
        while (type.isDomain()) {
            typmod = typmod < 0 ? type.baseTypmod() : typmod;
            type = catalog.get(type.baseOid());
        }
        int length = types.getPrecision(type.oid(), typmod);
        if (length == 0) {
            length = types.getDisplaySize(type.oid(), typmod);
        }
        return new ColumnSize(length, types.getScale(type.oid(), typmod), text);
    }

    /** Whether values may be longer than this. */
    boolean mayExceed(int max) {
        return length < 0 || length > max;
    }
}
