/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads tables from {@code pg_catalog}, as they are now. */
public final class Catalogue {

    private static final String TABLES =
            "SELECT n.nspname, c.relname, c.oid::int8, pg_has_role(c.relowner, 'USAGE') FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relpersistence = 'p' AND ";

    /**
     * A condition for the tables of {@link #name}, where {@code c} is {@code pg_class} and {@code n} its {@code pg_namespace}: a
     * question for each of some thousands would take minutes.
     */
    public static final String NAMED =
            " (n.nspname, c.relname) IN (SELECT * FROM unnest(CAST(? AS name[]), CAST(? AS name[])))";

    /**
     * Before a query: {@code tree} has the tables of {@link #name} and, of those that are partitioned, their partitions, each with
     * the {@code schema} and the {@code name} of the table that was named.
     */
    public static final String TREE = "WITH RECURSIVE tree(schema, name, oid, relkind) AS ("
            + " SELECT n.nspname, c.relname, c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE" + NAMED
            + " UNION ALL SELECT t.schema, t.name, c.oid, c.relkind FROM pg_inherits i"
            + " JOIN tree t ON i.inhparent = t.oid AND t.relkind = 'p' JOIN pg_class c ON c.oid = i.inhrelid) ";

    /** Also in a transaction that sees older rows of the catalogue. */
    private static final String PRESENT = "SELECT t.schema, t.name"
            + " FROM unnest(CAST(? AS name[]), CAST(? AS name[])) t(schema, name)"
            + " WHERE to_regclass(format('%I.%I', t.schema, t.name)) IS NOT NULL";

    private static final String OIDS = "SELECT n.nspname, c.relname, c.oid::int8 FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" + NAMED;

    /** Changes are told as the partitions'. */
    private static final String LEAVES = "c.relkind = 'r'";

    /** Changes are told as the partitioned table's. */
    private static final String ROOTS = "c.relkind IN ('r', 'p') AND NOT c.relispartition";

    private static final String PARTITIONS =
            "SELECT n.nspname, c.relname, coalesce(pn.nspname, ''), coalesce(p.relname, '') FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " LEFT JOIN LATERAL (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) t ON true"
                    + " LEFT JOIN pg_class p ON p.oid = t.relid LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace"
                    + " WHERE c.relkind = 'p' AND NOT c.relispartition";

    private static final String COLUMNS =
            "SELECT n.nspname, c.relname, a.attname, a.atttypid::int8, a.atttypmod, a.attnotnull,"
                    + " pg_get_expr(d.adbin, d.adrelid), t.typname, t.typtype, t.typnotnull FROM pg_attribute a"
                    + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " JOIN pg_type t ON t.oid = a.atttypid"
                    + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
                    + " WHERE" + NAMED + " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

    /** The columns of the primary key, else those of the first unique index that is over plain columns of all rows. */
    private static final String KEYS = "SELECT n.nspname, c.relname, i.indexrelid::int8, a.attname FROM pg_index i"
            + " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_class x ON x.oid = i.indexrelid"
            + " CROSS JOIN LATERAL unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k(attnum, place)"
            + " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
            + " WHERE" + NAMED + " AND i.indisunique AND i.indisvalid AND i.indexprs IS NULL AND i.indpred IS NULL"
            + " ORDER BY i.indisprimary DESC, x.relname, k.place";

    private static final String ROOT = "SELECT rn.nspname || '.' || r.relname FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class r ON r.oid = pg_partition_root(c.oid)"
            + " JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE c.relispartition AND n.nspname || '.' || c.relname = ?";

    private static final String WITHOUT_IDENTITY =
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" + NAMED
                    + " AND (c.relreplident = 'n' OR (c.relreplident = 'd' AND NOT EXISTS"
                    + " (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)))";

    private final Connection connection;

    /** Uses the connection on the thread that calls; closing it is the caller's. */
    public Catalogue(Connection connection) {
        this.connection = connection;
    }

    /**
     * The partitioned table that a partition belongs to.
     *
     * @param partition {@code schema.table}
     * @return the same; empty if there is none
     */
    public String rootOf(String partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROOT)) {
            statement.setString(1, partition);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    /**
     * All tables that are chosen, in the order of their names.
     *
     * @param viaRoot partitioned tables instead of their partitions
     */
    public List<TableName> tables(Selection selection, boolean viaRoot) throws SQLException {
        return stored(selection, viaRoot).stream().map(StoredTable::name).toList();
    }

    /** The same, as they are stored. */
    public List<StoredTable> stored(Selection selection, boolean viaRoot) throws SQLException {
        TreeMap<TableName, StoredTable> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES + (viaRoot ? ROOTS : LEAVES))) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(1), rows.getString(2));
                if (selection.has(table)) {
                    found.put(table, new StoredTable(table, rows.getLong(3), rows.getBoolean(4)));
                }
            }
        }
        return List.copyOf(found.values());
    }

    /** What a row of an answer says of the table that its first two columns name. */
    private interface Row {
        void of(TableName table, ResultSet row) throws SQLException;
    }

    /**
     * Asks for these tables at once.
     *
     * @param query with the parameters of {@link #name}, giving schema and name before anything else
     */
    private void ask(String query, Collection<TableName> tables, Row each) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            name(statement, tables);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.of(new TableName(rows.getString(1), rows.getString(2)), rows);
                }
            }
        }
    }

    /** Sets a statement's first two parameters, as those of {@link #NAMED}, to the schemas and the names of tables. */
    public static void name(PreparedStatement statement, Collection<TableName> tables) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(
                1,
                connection.createArrayOf(
                        "text", tables.stream().map(TableName::schema).toArray()));
        statement.setArray(
                2,
                connection.createArrayOf(
                        "text", tables.stream().map(TableName::table).toArray()));
    }

    /** Those of the tables that are there now, whatever the transaction sees. */
    public List<TableName> present(List<TableName> tables) throws SQLException {
        return chosen(PRESENT, tables);
    }

    /** Oids, unsigned, of those of the tables that are there. */
    Map<TableName, Long> oids(Collection<TableName> tables) throws SQLException {
        Map<TableName, Long> oids = new HashMap<>();
        ask(OIDS, tables, (table, row) -> oids.put(table, row.getLong(3)));
        return oids;
    }

    /** Whether one of the tables is partitioned, or a partition, and something of the same partitioned table is published. */
    public boolean havePartitions(List<TableName> tables, String publication) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" + NAMED
                        + " AND (c.relispartition OR c.relkind = 'p') AND EXISTS (SELECT 1 FROM pg_publication_tables p"
                        + " WHERE p.pubname = ? AND pg_partition_root(format('%I.%I', p.schemaname, p.tablename)::regclass)"
                        + " = pg_partition_root(c.oid)) LIMIT 1")) {
            name(statement, tables);
            statement.setString(3, publication);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Of these tables, those of which PostgreSQL refuses updates and deletions once they are published: they have no replica identity. */
    public List<TableName> unchangeable(List<TableName> tables) throws SQLException {
        return chosen(WITHOUT_IDENTITY, tables);
    }

    /** Of these tables, in their order, those of which the answer has a row. */
    private List<TableName> chosen(String query, List<TableName> tables) throws SQLException {
        Set<TableName> found = new HashSet<>();
        ask(query, tables, (table, row) -> found.add(table));
        return tables.stream().filter(found::contains).toList();
    }

    /**
     * Partitioned tables that are chosen although changes are told as their partitions', of which none is chosen.
     *
     * @param viaRoot then there are none
     */
    public List<TableName> rootsWithoutPartitions(Selection selection, boolean viaRoot) throws SQLException {
        TreeSet<TableName> roots = new TreeSet<>();
        TreeSet<TableName> withPartitions = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(PARTITIONS)) {
            while (!viaRoot && rows.next()) {
                TableName root = new TableName(rows.getString(1), rows.getString(2));
                if (selection.has(root)) {
                    roots.add(root);
                    if (selection.has(new TableName(rows.getString(3), rows.getString(4)))) {
                        withPartitions.add(root);
                    }
                }
            }
        }
        roots.removeAll(withPartitions);
        return List.copyOf(roots);
    }

    /** The tables' columns in their order; none of a table that is not there. */
    Map<TableName, List<Column>> columns(Collection<TableName> tables) throws SQLException {
        Map<TableName, List<Column>> columns = new HashMap<>();
        ask(COLUMNS, tables, (table, row) -> {
            boolean domain = "d".equals(row.getString(9));
            columns.computeIfAbsent(table, first -> new ArrayList<>())
                    .add(new Column(
                            row.getString(3),
                            (int) row.getLong(4),
                            row.getInt(5),
                            row.getBoolean(6) || (domain && row.getBoolean(10)),
                            row.getString(7),
                            row.getString(8)));
        });
        return columns;
    }

    /** Names of the columns that tell a table's rows apart, in the order of their index; none of a table where nothing does. */
    Map<TableName, List<String>> keys(Collection<TableName> tables) throws SQLException {
        Map<TableName, Map<Long, List<String>>> indexes = new HashMap<>();
        ask(
                KEYS,
                tables,
                (table, row) -> indexes.computeIfAbsent(table, first -> new LinkedHashMap<>())
                        .computeIfAbsent(row.getLong(3), index -> new ArrayList<>())
                        .add(row.getString(4)));
        Map<TableName, List<String>> keys = new HashMap<>();
        indexes.forEach((table, all) -> keys.put(table, all.values().iterator().next()));
        return keys;
    }
}
