/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the row filters can be published without harm: PostgreSQL takes a filter over any column, and then refuses each
 * update and deletion of the table unless its replica identity holds the column. Leaves nothing behind.
 */
final class RowFilters {

    /** The first PostgreSQL whose publications filter rows. */
    static final int SINCE = 15;

    /**
     * Columns that the view's condition uses, and that the replica identity of the table, or of one of its partitions, lacks. The
     * server knows what a view depends on, which spares us its grammar.
     */
    private static final String UNCOVERED = "SELECT DISTINCT a.attname FROM pg_depend d"
            + " JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class = 'pg_temp.levada_row_filter'::regclass"
            + " JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
            + " WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = ?::regclass AND d.refobjsubid > 0"
            + " AND EXISTS (SELECT 1 FROM pg_class c WHERE c.relkind = 'r' AND c.relreplident <> 'f'"
            + " AND (c.oid = d.refobjid OR c.oid IN (SELECT relid FROM pg_partition_tree(d.refobjid)))"
            + " AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)"
            + " WHERE i.indrelid = c.oid AND k.attname = a.attname"
            + " AND ((c.relreplident = 'd' AND i.indisprimary) OR (c.relreplident = 'i' AND i.indisreplident)))) ORDER BY 1";

    private final RowRules rules;
    private final Connection connection;

    RowFilters(RowRules rules, Connection connection) {
        this.rules = rules;
        this.connection = connection;
    }

    /**
     * What is wrong with the filters; nothing if there are none.
     *
     * @param captured tables that may have one
     * @param toBeSet replica identities that tables will have been given, which need not hold the columns yet
     */
    List<ServerCheck.Problem> problems(List<TableName> captured, ReplicaIdentities toBeSet) throws SQLException {
        List<ServerCheck.Problem> problems = new ArrayList<>();
        Map<String, String> filters = new TreeMap<>(rules.filters());
        if (filters.isEmpty()) {
            return problems;
        }
        DatabaseMetaData server = connection.getMetaData();
        for (String named : filters.keySet()) {
            TableName table = captured.stream()
                    .filter(each -> each.toString().equals(named))
                    .findFirst()
                    .orElse(null);
            String wrong;
            if (server.getDatabaseMajorVersion() < SINCE) {
                wrong = "PostgreSQL filters what it publishes since version " + SINCE + ", and the server is of "
                        + server.getDatabaseProductVersion() + "; remove it";
            } else if (table == null) {
                wrong = "no table of this name is captured; captured are " + captured;
            } else {
                wrong = wrong(table, filters.getOrDefault(named, ""), toBeSet.sql(table) != null);
            }
            if (wrong != null) {
                problems.add(new ServerCheck.Problem(RowRules.FILTER + named, wrong));
            }
        }
        return problems;
    }

    /**
     * Whether a publication has the filters of these tables, and no other; false, too, where the server does not say.
     *
     * @param published filters that it has, in the server's words
     */
    boolean areThose(Map<TableName, String> published, List<TableName> tables) throws SQLException {
        Map<TableName, String> wanted = new HashMap<>();
        for (TableName table : tables) {
            String filter = rules.filter(table).orElse(null);
            if (filter != null) {
                wanted.put(table, inTheServersWords(table, filter));
            }
        }
        return wanted.equals(published);
    }

    /** As it says it of a check of the same condition. */
    private String inTheServersWords(TableName table, String filter) throws SQLException {
        boolean auto = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement like = connection.createStatement()) {
            like.execute("CREATE TEMPORARY TABLE levada_row_filter (LIKE " + table.sql() + ")");
            like.execute("ALTER TABLE pg_temp.levada_row_filter ADD CHECK (" + filter + ")");
            try (ResultSet rows = like.executeQuery("SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint"
                    + " WHERE conrelid = 'pg_temp.levada_row_filter'::regclass AND contype = 'c'")) {
                return rows.next() ? rows.getString(1) : filter;
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(auto);
        }
    }

    private @Nullable String wrong(TableName table, String filter, boolean identityIsToBeSet) throws SQLException {
        boolean auto = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement view = connection.createStatement()) {
            view.execute("CREATE TEMPORARY VIEW levada_row_filter AS SELECT 1 AS one FROM " + table.sql() + " WHERE ("
                    + filter + ")");
            List<String> uncovered = identityIsToBeSet ? List.of() : uncovered(table);
            return uncovered.isEmpty()
                    ? null
                    : "PostgreSQL would refuse updates and deletions of " + table
                            + ", whose replica identity does not hold "
                            + String.join(", ", uncovered) + "; run ALTER TABLE " + table.sql()
                            + " REPLICA IDENTITY FULL (of a partitioned table, for each of its partitions)";
        } catch (SQLException e) {
            if (FailureKind.of(e) == FailureKind.RETRIABLE) {
                throw e; // a lock, say, is no fault of the filter's
            }
            return "the server does not take '" + filter + "' for rows of " + table + ": " + e.getMessage();
        } finally {
            connection.rollback();
            connection.setAutoCommit(auto);
        }
    }

    private List<String> uncovered(TableName table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(UNCOVERED)) {
            statement.setString(1, table.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        return columns;
    }
}
