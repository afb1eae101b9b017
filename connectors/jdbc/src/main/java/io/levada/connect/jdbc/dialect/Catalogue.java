/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.ConnectException;
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

    /**
     * The kind of one table, its names as the server stores them; nothing if there is no such table.
     *
     * @throws ConnectException if it has no schema in its name, and several schemas have one of that name
     */
    default Optional<String> kind(Connection connection, TableId table) throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        String name = pattern(table.name(), metadata);
        for (String schema : schemas(connection, table)) {
            try (ResultSet rows = metadata.getTables(table.catalog(), schema, name, null)) {
                Map<String, String> kinds = new TreeMap<>();
                while (rows.next()) {
                    kinds.putIfAbsent(String.valueOf(rows.getString("TABLE_SCHEM")), rows.getString("TABLE_TYPE"));
                }
                requireOne(table, kinds.keySet());
                if (!kinds.isEmpty()) {
                    return Optional.of(kinds.values().iterator().next());
                }
            }
        }
        return Optional.empty();
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
     * @throws ConnectException if it has no schema in its name, and several schemas have one of that name
     */
    default ServerFilled serverFilled(Connection connection, TableId table, String sql) throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        String catalog = table.catalog() == null ? connection.getCatalog() : table.catalog();
        String name = pattern(table.name(), metadata);
        for (String schema : schemas(connection, table)) {
            try (ResultSet rows = metadata.getColumns(catalog, schema, name, "%")) {
                if (rows.next()) {
                    return serverFilled(table, rows);
                }
            }
        }
        return new ServerFilled(Set.of(), Set.of(), Set.of());
    }

    /**
     * Patterns of the schemas that may have the table, the first to be looked at first: without one in its name it is in the
     * connection's, or else where the database looks beyond that.
     */
    private static List<@Nullable String> schemas(Connection connection, TableId table) throws SQLException {
        List<@Nullable String> schemas = new ArrayList<>();
        String first = table.schema() == null ? connection.getSchema() : table.schema();
        if (first != null) {
            schemas.add(pattern(first, connection.getMetaData()));
        }
        if (table.schema() == null) {
            schemas.add(null);
        }
        return schemas;
    }

    /** Of the present row, and of those after it. */
    private static ServerFilled serverFilled(TableId table, ResultSet rows) throws SQLException {
        Set<String> schemas = new TreeSet<>();
        Set<String> generated = new HashSet<>();
        Set<String> defaulted = new HashSet<>();
        do {
            schemas.add(String.valueOf(rows.getString("TABLE_SCHEM")));
            if ("YES".equals(rows.getString("IS_GENERATEDCOLUMN"))) {
                generated.add(rows.getString("COLUMN_NAME"));
            } else if (rows.getString("COLUMN_DEF") != null || "YES".equals(rows.getString("IS_AUTOINCREMENT"))) {
                defaulted.add(rows.getString("COLUMN_NAME"));
            }
        } while (rows.next());
        requireOne(table, schemas);
        return new ServerFilled(generated, Set.of(), defaulted);
    }

    /** Which of them the server takes for the name nobody tells: one must not be taken for another. */
    private static void requireOne(TableId table, Set<String> schemas) {
        if (schemas.size() > 1) {
            throw new ConnectException("tables called " + table.name() + " are in the schemas " + schemas
                    + ", and none in the connection's own; say which is meant, as "
                    + schemas.iterator().next() + "." + table.name());
        }
    }

    /** The name as a LIKE pattern that matches it alone. */
    private static String pattern(String name, DatabaseMetaData metadata) throws SQLException {
        String escape = metadata.getSearchStringEscape();
        return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
    }
}
