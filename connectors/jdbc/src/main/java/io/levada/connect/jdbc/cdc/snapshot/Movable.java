/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Which tables' rows can be read while their changes are told. */
public final class Movable {

    /** Of the table and, if it is partitioned, of all its partitions. */
    private static final String SQL = "WITH RECURSIVE tree(oid, relkind) AS ("
            + " SELECT c.oid, c.relkind FROM pg_class c WHERE c.oid = to_regclass(?)"
            + " UNION ALL SELECT c.oid, c.relkind FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid AND t.relkind = 'p'"
            + " JOIN pg_class c ON c.oid = i.inhrelid)"
            + " SELECT bool_and(EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary"
            + " AND NOT EXISTS (SELECT 1 FROM pg_attribute a"
            + " WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND a.attgenerated <> ''))"
            + " AND (c.relkind <> 'r' OR c.relreplident = 'f' OR (c.relreplident = 'd'"
            + " AND (c.reltoastrelid = 0 OR pg_relation_size(c.reltoastrelid) = 0))))"
            + " FROM tree JOIN pg_class c ON c.oid = tree.oid";

    private Movable() {}

    /**
     * Whether each change of a row tells its primary key, the old and the new one, and the whole row: then a row that was changed
     * need not be read. No if the table is not there, or its key has a generated column, which changes may lack.
     */
    public static boolean isSo(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, table.sql());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
