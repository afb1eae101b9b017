/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which tables' rows can be read while their changes are told. */
public final class Movable {

    /** Of the table and, if it is partitioned, of all its partitions. */
    private static final String SQL = Catalogue.TREE
            + "SELECT tree.schema, tree.name FROM tree JOIN pg_class c ON c.oid = tree.oid GROUP BY 1, 2"
            + " HAVING bool_and(EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary"
            + " AND NOT EXISTS (SELECT 1 FROM pg_attribute a"
            + " WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND a.attgenerated <> ''))"
            + " AND (c.relkind <> 'r' OR c.relreplident = 'f' OR (c.relreplident = 'd'"
            + " AND (c.reltoastrelid = 0 OR pg_relation_size(c.reltoastrelid) = 0))))";

    private Movable() {}

    /**
     * Of these tables, those of which each change of a row tells its primary key, the old and the new one, and the whole row: then a
     * row that was changed need not be read. None that is not there, or whose key has a generated column, which changes may lack.
     */
    public static Set<TableName> among(List<TableName> tables, Connection connection) throws SQLException {
        Set<TableName> movable = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Catalogue.name(statement, tables);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    movable.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return movable;
    }
}
