/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the catalogue tells of a table that a statement would find under a name (PostgreSQL manual, chapter 53 and section 9.27.2). */
final class PostgresRelations {

    /**
     * A unique key of just these columns, by which ON CONFLICT goes: not of a part of the rows, and checked by each statement. What is no
     * table of its own, such as a view, has its keys elsewhere.
     */
    private static final String HAS_KEY =
            "SELECT c.relkind NOT IN ('r', 'p') OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique"
                    + " AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL"
                    + " AND (SELECT array_agg(a.attname::text ORDER BY a.attname::text COLLATE \"C\") FROM pg_attribute a"
                    + " WHERE a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))"
                    + " = (SELECT array_agg(k ORDER BY k COLLATE \"C\") FROM unnest(?::text[]) k))"
                    + " FROM pg_class c WHERE c.oid = to_regclass(?)";

    private static final String SCHEMA_OF =
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.oid = to_regclass(?)";

    private static final String OF_TABLE = "SELECT has_table_privilege(to_regclass(?)::oid, ?)";

    private static final String OF_ANY_COLUMN = "SELECT has_any_column_privilege(to_regclass(?)::oid, ?)";

    private static final Set<String> PRIVILEGES_OF_COLUMNS = Set.of("SELECT", "INSERT", "UPDATE");

    private PostgresRelations() {}

    /**
     * The table with its schema, which the search path finds where none is said.
     *
     * @param sql the same in SQL
     */
    static Optional<TableId> found(Connection connection, TableId table, String sql) throws SQLException {
        return Optional.ofNullable(first(connection, SCHEMA_OF, sql))
                .map(schema -> new TableId(table.catalog(), schema, table.name()));
    }

    static boolean hasKey(Connection connection, String sql, Collection<String> keys) throws SQLException {
        return "t".equals(first(connection, HAS_KEY, PostgresText.array(List.copyOf(keys), ','), sql));
    }

    /** Those of the privileges that the user lacks, on the table and on each of its columns. */
    static List<String> forbidden(Connection connection, String sql, List<String> privileges) throws SQLException {
        List<String> forbidden = new ArrayList<>();
        for (String privilege : privileges) {
            String query = PRIVILEGES_OF_COLUMNS.contains(privilege) ? OF_ANY_COLUMN : OF_TABLE;
            if ("f".equals(first(connection, query, sql, privilege))) {
                forbidden.add(privilege);
            }
        }
        return forbidden;
    }

    /** Why the user cannot make a table in the schema, or where the search path begins. */
    static Optional<String> createProblem(Connection connection, @Nullable String schema) throws SQLException {
        String place = schema == null ? first(connection, "SELECT current_schema()") : schema;
        if (place == null) {
            return Optional.of("the search path leads to no schema; name one, as schema.table");
        }
        if (first(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", place) == null) {
            return Optional.of("there is no schema " + place + "; create it, or correct the name");
        }
        return "t".equals(first(connection, "SELECT has_schema_privilege(?, 'CREATE')", place))
                ? Optional.empty()
                : Optional.of("the user may not create tables in schema " + place + "; GRANT CREATE ON SCHEMA " + place
                        + ", or create the table");
    }

    private static @Nullable String first(Connection connection, String query, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
