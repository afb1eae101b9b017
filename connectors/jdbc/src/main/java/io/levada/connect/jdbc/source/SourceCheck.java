/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.ConnectFailure;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.OpenTransactions;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a live database whether a configuration can work: the tables exist, their columns can be read and followed. For one look. */
public final class SourceCheck implements Database.ConnectionWork {

    /** A check looks at no more tables than this, to stay within the time of a request; the others are checked when read. */
    private static final int TABLES_MAX = 100;

    private static final Logger LOGGER = LoggerFactory.getLogger(SourceCheck.class);

    /** As many names as a form can show. */
    private static final int RECOMMENDED_MAX = 1000;

    private final SourceOptions options;
    private final Dialect dialect;
    private final Map<String, Set<Object>> recommended = new HashMap<>();

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
            Map<TableId, List<Column>> tables = new HashMap<>();
            for (Relation relation : relations(connection)) {
                List<Column> columns = columns(relation, connection);
                if (relation.table() != null) {
                    tables.put(relation.table(), columns);
                }
                RowShape shape = RowShape.of(
                        relation,
                        columns.stream()
                                .filter(column -> relation.columns().reads(column.name()))
                                .toList(),
                        dialect,
                        options.types());
                RecordKey records =
                        RecordKey.of(relation, options.topics().keyOption(), keyColumns(relation, connection), shape);
                if (options.deletes().isOn()) {
                    String unused = ToldKeys.requireKey(relation, records.schema(), records.moments());
                }
            }
            if (!tables.isEmpty() && tables.size() < TABLES_MAX) {
                Optional<OptionFault> nowhere = options.columns()
                        .nowhere(tables, dialect.identifiers(options.tables().quoting()));
                if (nowhere.isPresent()) {
                    throw nowhere.get();
                }
            }
            checkBounds(connection);
            return Optional.empty();
        } catch (OptionFault e) {
            return Optional.of(new ConnectFailure(e.key(), String.valueOf(e.getMessage())));
        } catch (ConnectException e) {
            return Optional.of(new ConnectFailure(key, String.valueOf(e.getMessage())));
        }
    }

    private void recommend(Relation relation, List<Column> columns) {
        for (Column column : columns) {
            if (relation.columns().reads(column.name()) && !relation.columns().masks(column.name())) {
                if (options.mode().mode().usesIncrementing() && FollowedColumns.isWhole(column)) {
                    recommend("incrementing.column.name", column.name());
                }
                if (options.mode().mode().usesTimestamp() && dialect.isTimestamp(column)) {
                    recommend("timestamp.column.name", column.name());
                }
            }
        }
    }

    private void recommend(String key, String value) {
        recommended.computeIfAbsent(key, first -> new LinkedHashSet<>()).add(value);
    }

    /** Values of an option that the database has, as far as it was asked; empty where it was not. */
    public List<Object> recommended(String key) {
        return List.copyOf(recommended.getOrDefault(key, Set.of()));
    }

    private List<String> keyColumns(Relation relation, Connection connection) throws SQLException {
        return options.topics().key() == KeySource.PRIMARY_KEY && relation.table() != null
                ? dialect.primaryKey(connection, relation.table())
                : options.topics().keyColumns();
    }

    /** A replica, for instance, does not know which transactions are open. */
    private void checkBounds(Connection connection) throws SQLException {
        Optional<OpenTransactions> transactions = options.mode().awaited(dialect);
        if (transactions.isPresent()) {
            try {
                Set<String> unused = transactions
                        .get()
                        .open(
                                connection,
                                null,
                                options.mode()
                                        .exactBounds()
                                        .scope(options.mode().mode()));
            } catch (ConnectException e) {
                throw new OptionFault("exact.bounds", String.valueOf(e.getMessage()));
            }
        }
    }

    private List<Column> columns(Relation relation, Connection connection) {
        try {
            List<Column> columns = relation.columns(connection);
            recommend(relation, columns);
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
            throw new ConnectException(
                    "the database refuses to read " + relation + ": "
                            + options.tables().told(e),
                    options.tables().cause(e));
        }
    }

    private List<Relation> relations(Connection connection) throws SQLException {
        if (options.tables().isQuery()) {
            return List.of(Relation.ofQuery(options, dialect));
        }
        TableSelection selection = new TableSelection(options.tables(), dialect);
        Set<TableId> visible = selection.visible(connection);
        visible.stream().limit(RECOMMENDED_MAX).forEach(table -> recommend("table.whitelist", table.qualified()));
        Set<TableId> tables = selection.selected(visible);
        List<String> missing = selection.missing(tables);
        if (!missing.isEmpty()) {
            throw new ConnectException("there is no table " + String.join(", ", missing) + " of type "
                    + options.tables().types() + " that the user may see; create it, correct the name (case matters),"
                    + " or see table.types and schema.pattern");
        }
        TableSelection.refuseSameTopic(tables, options.topics());
        options.columns()
                .unselected(tables, dialect.identifiers(options.tables().quoting()))
                .ifPresent(fault -> {
                    throw fault;
                });
        return tables.stream()
                .limit(TABLES_MAX)
                .map(table -> Relation.ofTable(table, SourcePartition.ofTable(table), options, dialect))
                .toList();
    }
}
