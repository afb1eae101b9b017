/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.ConnectFailure;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a live database whether a configuration can work: the tables exist, their columns can be read and followed. */
public final class SourceCheck implements Database.ConnectionWork {

    /** A check looks at no more tables than this, to stay within the time of a request; the others are checked when read. */
    private static final int TABLES_MAX = 100;

    private static final Logger LOGGER = LoggerFactory.getLogger(SourceCheck.class);

    private final SourceOptions options;
    private final Dialect dialect;

    public SourceCheck(SourceOptions options, Dialect dialect) {
        this.options = options;
        this.dialect = dialect;
    }

    /** Nothing that the query does is to last: its transaction may not write, and is rolled back. */
    @Override
    public Optional<ConnectFailure> on(Connection connection) throws SQLException {
        forbidWrites(connection);
        connection.setAutoCommit(false);
        try {
            return problem(connection);
        } finally {
            connection.rollback();
        }
    }

    private static void forbidWrites(Connection connection) {
        try {
            connection.setReadOnly(true);
        } catch (SQLException e) { // SQLite's driver wants to know before it connects
            LOGGER.atDebug()
                    .addKeyValue("error", e.getMessage())
                    .log("the query is checked in a transaction that may write");
        }
    }

    private Optional<ConnectFailure> problem(Connection connection) throws SQLException {
        String key = options.tables().isQuery() ? options.tables().queryKey() : "table.whitelist";
        try {
            for (Relation relation : relations(connection)) {
                List<Column> columns = columns(relation, connection);
                RowShape shape = RowShape.of(
                        relation,
                        columns.stream()
                                .filter(column -> relation.columns().reads(column.name()))
                                .toList(),
                        dialect,
                        options.types());
                checkKey(relation, connection, shape.schema());
            }
            return Optional.empty();
        } catch (ConnectException e) {
            return Optional.of(new ConnectFailure(key, String.valueOf(e.getMessage())));
        }
    }

    private void checkKey(Relation relation, Connection connection, Schema rows) throws SQLException {
        RecordKey named = RecordKey.of(relation, options.topics().keyColumns(), rows);
        if (!options.deletes().isOn()) {
            return;
        }
        TableId table = relation.table();
        RecordKey key = options.topics().key() == KeySource.PRIMARY_KEY && table != null
                ? RecordKey.of(relation, dialect.primaryKey(connection, table), rows)
                : named;
        ToldKeys.requireKey(relation, key.schema());
    }

    private List<Column> columns(Relation relation, Connection connection) {
        try {
            List<Column> columns = relation.columns(connection);
            FollowedColumns followed = FollowedColumns.of(relation, columns, options.mode(), dialect);
            NewRowsQuery nothing = new NewRowsQuery(
                    new NewRowsQuery.Kind(
                            relation,
                            followed,
                            List.of(),
                            null,
                            dialect,
                            options.types().zone()),
                    JdbcOffset.NONE,
                    null,
                    Bound.NONE);
            // Describing needs no privileges; running does, even if it can find nothing.
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT 1 FROM " + relation.from() + " WHERE 1 = 0")) {
                nothing.bind(statement);
                boolean unused = statement.execute();
            }
            return columns;
        } catch (SQLException e) {
            throw new ConnectException("the database refuses to read " + relation + ": " + e.getMessage(), e);
        }
    }

    private List<Relation> relations(Connection connection) throws SQLException {
        if (options.tables().isQuery()) {
            return List.of(Relation.ofQuery(options, dialect));
        }
        TableSelection selection = new TableSelection(options.tables(), dialect);
        Set<TableId> tables = selection.find(connection);
        List<String> missing = selection.missing(tables);
        if (!missing.isEmpty()) {
            throw new ConnectException("there is no table " + String.join(", ", missing) + " of type "
                    + options.tables().types() + " that the user may see; create it, correct the name (case matters),"
                    + " or see table.types and schema.pattern");
        }
        TableSelection.refuseSameTopic(tables, options.topics());
        return tables.stream()
                .limit(TABLES_MAX)
                .map(table -> Relation.ofTable(table, SourcePartition.ofTable(table), options, dialect))
                .toList();
    }
}
