/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which tables a database has, as {@link java.sql.DatabaseMetaData} tells unless a dialect knows better. */
public interface Catalogue {

    /** A table and its kind, such as TABLE, VIEW or PARTITIONED TABLE. */
    record Found(TableId table, String kind) {}

    /**
     * The tables that the user may see.
     *
     * @param catalog the database; null for the one connected to
     * @param schemaPattern for LIKE; null for any
     * @param kinds as {@link Found#kind()}
     */
    default List<Found> tables(
            Connection connection, @Nullable String catalog, @Nullable String schemaPattern, List<String> kinds)
            throws SQLException {
        List<Found> found = new ArrayList<>();
        try (ResultSet rows =
                connection.getMetaData().getTables(catalog, schemaPattern, "%", kinds.toArray(String[]::new))) {
            while (rows.next()) {
                found.add(new Found(
                        new TableId(
                                rows.getString("TABLE_CAT"),
                                rows.getString("TABLE_SCHEM"),
                                rows.getString("TABLE_NAME")),
                        rows.getString("TABLE_TYPE")));
            }
        }
        return found;
    }

    /** The kind of one table, its names as the server stores them; nothing if there is no such table. */
    default Optional<String> kind(Connection connection, TableId table) throws SQLException {
        String schema = table.schema() == null ? null : pattern(table.schema());
        try (ResultSet rows =
                connection.getMetaData().getTables(table.catalog(), schema, pattern(table.name()), null)) {
            return rows.next() ? Optional.of(rows.getString("TABLE_TYPE")) : Optional.empty();
        }
    }

    /** The columns of the primary key, in the key's order; empty without one. */
    default List<String> primaryKey(Connection connection, TableId table) throws SQLException {
        Map<Integer, String> columns = new TreeMap<>();
        try (ResultSet rows = connection.getMetaData().getPrimaryKeys(table.catalog(), table.schema(), table.name())) {
            while (rows.next()) {
                columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(columns.values());
    }

    /**
     * The columns that the server fills by itself.
     *
     * @param table its names as the server stores them
     * @param sql the same in SQL
     */
    default ServerFilled serverFilled(Connection connection, TableId table, String sql) throws SQLException {
        Set<String> generated = new HashSet<>();
        Set<String> defaulted = new HashSet<>();
        String schema = table.schema() == null ? null : pattern(table.schema());
        try (ResultSet rows =
                connection.getMetaData().getColumns(connection.getCatalog(), schema, pattern(table.name()), "%")) {
            while (rows.next()) {
                if ("YES".equals(rows.getString("IS_GENERATEDCOLUMN"))) {
                    generated.add(rows.getString("COLUMN_NAME"));
                } else if (rows.getString("COLUMN_DEF") != null || "YES".equals(rows.getString("IS_AUTOINCREMENT"))) {
                    defaulted.add(rows.getString("COLUMN_NAME"));
                }
            }
        }
        return new ServerFilled(generated, Set.of(), defaulted);
    }

    /** The name as a LIKE pattern that matches it alone. */
    private static String pattern(String name) {
        return name.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%");
    }
}
