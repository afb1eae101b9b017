/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.OpenTransactions;
import io.levada.connect.jdbc.dialect.TransactionScope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions are open, told from {@code pg_locks} (PostgreSQL manual, section 52.12), which every user may read in full.
 *
 * <p>A transaction holds {@code RowExclusiveLock} on a table from before its first INSERT or UPDATE evaluates a default (such as
 * the next number of a sequence) until it has ended and its rows are visible. The rows' {@code xmin} against the snapshot's
 * horizon would not do: a transaction with a high id may hold a low number. Names are virtual transaction ids, which are not
 * used twice while the server runs. A prepared transaction keeps its own until then.
 */
final class PostgresTransactions implements OpenTransactions {

    /** Our own readers never write, so nobody needs to wait for them. */
    static final String READER_NAME = "levada-jdbc-source";

    /** The table and the partitions below it; empty for a view, whose tables are unknown here. */
    private static final String TABLES = "WITH RECURSIVE tree(oid) AS ("
            + " SELECT c.oid FROM pg_class c WHERE c.oid = to_regclass(nullif(?, '')) AND c.relkind IN ('r', 'p')"
            + " UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid) ";

    /** A prepared transaction has no process, and is of this database if its own view says so. */
    private static final String OTHERS = "SELECT DISTINCT l.virtualtransaction || ' of process ' || coalesce(l.pid, 0)"
            + " FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
            + " WHERE l.pid IS DISTINCT FROM pg_backend_pid()"
            + " AND (a.datid IS NULL OR a.datid = (SELECT oid FROM pg_database WHERE datname = current_database()))"
            + " AND (l.pid IS NOT NULL OR EXISTS (SELECT 1 FROM pg_locks x JOIN pg_prepared_xacts p"
            + " ON p.transaction = x.transactionid WHERE x.virtualtransaction = l.virtualtransaction"
            + " AND p.database = current_database()))"
            + " AND coalesce(a.application_name, '') NOT IN ('" + READER_NAME + "', 'pg_dump') AND (";

    private static final String WRITES_TABLE = "(l.locktype = 'relation' AND l.relation IN (SELECT oid FROM tree)"
            + " AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))";

    private static final String HAS_WRITTEN =
            "(l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted)";

    /** Of other users' backends ordinary users see neither state nor kind, but that those which maintain have no user. */
    private static final String EXISTS = "(l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock'"
            + " AND (a.pid IS NULL OR a.usesysid IS NOT NULL)"
            + " AND coalesce(a.backend_type, '') NOT IN ('walsender', 'parallel worker'))";

    /** Those that were prepared before the server restarted: any of them may be one that is waited for under its old id. */
    private static final String PREPARED = "SELECT DISTINCT l.virtualtransaction || ' of process 0' FROM pg_locks l"
            + " JOIN pg_prepared_xacts p ON p.transaction = l.transactionid"
            + " WHERE l.locktype = 'transactionid' AND l.pid IS NULL AND p.database = current_database()"
            + " AND l.virtualtransaction LIKE '-1/%'";

    @Override
    public Set<String> open(Connection connection, @Nullable String table, TransactionScope scope) throws SQLException {
        refuseReplica(connection);
        String condition = switch (scope) {
            // Without a table of its own to look at, any writer may be one.
            case TABLE_WRITERS -> WRITES_TABLE + " OR (NOT EXISTS (SELECT 1 FROM tree) AND " + HAS_WRITTEN + ")";
            case WRITERS -> WRITES_TABLE + " OR " + HAS_WRITTEN;
            case ALL -> WRITES_TABLE + " OR " + HAS_WRITTEN + " OR " + EXISTS;
        };
        try (PreparedStatement statement = connection.prepareStatement(TABLES + OTHERS + condition + ")")) {
            statement.setString(1, table == null ? "" : table);
            return names(statement);
        }
    }

    @Override
    public Set<String> stillOpen(Connection connection, Set<String> transactions) throws SQLException {
        if (transactions.isEmpty()) {
            return Set.of();
        }
        String sql = "SELECT name FROM unnest(?) AS name WHERE EXISTS (SELECT 1 FROM pg_locks l"
                + " WHERE l.virtualtransaction = split_part(name, ' ', 1))";
        Set<String> open;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", transactions.toArray()));
            open = names(statement);
        }
        if (open.size() < transactions.size()) {
            try (PreparedStatement statement = connection.prepareStatement(PREPARED)) {
                open.addAll(names(statement));
            }
        }
        return open;
    }

    private static Set<String> names(PreparedStatement statement) throws SQLException {
        Set<String> names = new LinkedHashSet<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static void refuseReplica(Connection connection) throws SQLException {
        if (isTrue(connection, "SELECT pg_is_in_recovery()")) {
            throw new ConnectException(
                    "this server is a replica, which does not know the transactions that are open on its"
                            + " primary; connect to the primary, or set exact.bounds=off and a timestamp.delay.interval.ms longer"
                            + " than your longest transaction");
        }
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
