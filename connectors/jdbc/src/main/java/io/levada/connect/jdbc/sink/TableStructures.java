/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.ServerFilled;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables as they are, and, where the options allow, as the records need them. Ends the transaction of the connection it is given. */
final class TableStructures {

    private static final Logger LOGGER = LoggerFactory.getLogger(TableStructures.class);
    /** What JsonConverter puts around a value when it writes schemas too. */
    private static final Set<String> ENVELOPE = Set.of("schema", "payload");

    private final SinkOptions options;
    private final Dialect dialect;
    private final Identifiers identifiers;
    private final TableDefinition definition;
    private final Map<TableId, Table> known = new HashMap<>();

    TableStructures(SinkOptions options, Dialect dialect, Identifiers identifiers) {
        this.options = options;
        this.dialect = dialect;
        this.identifiers = identifiers;
        this.definition = new TableDefinition(dialect, identifiers);
    }

    /**
     * A table as the server has it.
     *
     * @param columns by name
     */
    record Table(Map<String, Column> columns, ServerFilled filled) {}

    /** Forgets what tables look like, after a failure that may come from a change of theirs. */
    void forget() {
        known.clear();
    }

    /**
     * The shape's table, after adding what is missing if that is allowed.
     *
     * @return null if the table is missing, and may be created, and there is nothing to be put into it
     * @throws DataException if a column is missing and may not, or cannot, be added
     * @throws ConnectException if the table is missing and may not be created
     */
    @Nullable
    Table tableFor(Shape shape, Connection connection) throws SQLException {
        Table table = known.get(shape.table());
        if (table == null || !missing(shape, table).isEmpty()) {
            // What is missing may have been added by others since the last look.
            table = describe(shape.table(), connection);
            if (table == null) {
                if (shape.removes() && options.autoCreate()) {
                    return null;
                }
                table = create(shape, connection);
            }
            if (!missing(shape, table).isEmpty()) {
                table = evolve(shape, table, connection);
            }
            known.put(shape.table(), table);
        }
        return table;
    }

    /**
     * A table as it is; nothing if it is missing.
     *
     * @throws ConnectException if it is of a kind that may not be written to, or would be in another database
     */
    Optional<Table> find(TableId table, Connection connection) throws SQLException {
        return Optional.ofNullable(describe(table, connection));
    }

    /** True if a row that is there is meant: a column that is added has none. */
    private boolean findsRows(Shape shape) {
        return shape.kind() != Shape.Kind.WRITE || options.insertMode() == InsertMode.UPDATE;
    }

    private List<FieldShape> missing(Shape shape, Table table) {
        return shape.fields().stream()
                .filter(field -> !table.columns().containsKey(identifiers.stored(field.name())))
                .toList();
    }

    private Table create(Shape shape, Connection connection) throws SQLException {
        TableId table = shape.table();
        if (!options.autoCreate() || shape.kind() != Shape.Kind.WRITE) {
            throw new ConnectException("there is no table " + table + "; create it, set auto.create=true, or correct"
                    + " table.name.format" + wouldRun(() -> List.of(definition.create(shape))));
        }
        execute(List.of(definition.create(shape)), table, connection);
        LOGGER.atInfo().addKeyValue("table", table).log("table created");
        return described(table, connection);
    }

    /** The statements, for the user to run. */
    private interface Ddl {
        List<String> statements();
    }

    private static String wouldRun(Ddl ddl) {
        try {
            return ". With records like this one it would be: " + String.join("; ", ddl.statements());
        } catch (DataException ignored) {
            return ""; // They cannot be told, for want of a schema for instance.
        }
    }

    private Table evolve(Shape shape, Table table, Connection connection) throws SQLException {
        List<FieldShape> missing = missing(shape, table);
        List<String> names = missing.stream().map(FieldShape::name).toList();
        if (Set.copyOf(names).equals(ENVELOPE)) {
            throw new ConnectException("table " + shape.table() + " has no column for the fields " + names
                    + ", which are not the data but what JsonConverter writes around it with schemas.enable=true: set"
                    + " value.converter.schemas.enable=true, and value.converter itself, on this connector");
        }
        if (findsRows(shape) && missing.stream().anyMatch(shape.keys()::contains)) {
            throw new DataException("table " + shape.table() + " has no column for the key's fields " + names
                    + ", so that no row of it is found by them; see pk.mode and pk.fields");
        }
        if (!options.autoEvolve()) {
            throw new DataException("table " + shape.table() + " has no column for the fields " + names
                    + "; add them, set auto.evolve=true, or leave the fields out with fields.whitelist"
                    + wouldRun(() -> definition.add(shape.table(), missing)));
        }
        execute(definition.add(shape.table(), missing), shape.table(), connection);
        LOGGER.atInfo()
                .addKeyValue("table", shape.table())
                .addKeyValue("columns", names)
                .log("columns added");
        Table evolved = described(shape.table(), connection);
        if (!missing(shape, evolved).isEmpty()) {
            throw new DataException("table " + shape.table() + " has no columns " + names + " after they were added:"
                    + " another table of that name comes first in the search path");
        }
        return evolved;
    }

    private void execute(List<String> ddl, TableId table, Connection connection) throws SQLException {
        for (String sql : ddl) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                if (dialect.failureKind(e) == FailureKind.DATA && !dialect.isAlreadyThere(e)) {
                    throw new DataException(
                            "the server does not change table " + table + " as the record needs it: " + e.getMessage(),
                            e);
                }
                if (!dialect.isAlreadyThere(e)) {
                    throw e;
                }
                // Another task was faster; what it made is looked at next.
            }
        }
    }

    private Table described(TableId table, Connection connection) throws SQLException {
        Table found = describe(table, connection);
        if (found == null) {
            throw new ConnectException("table " + table + " was dropped while the task was preparing it");
        }
        return found;
    }

    private @Nullable Table describe(TableId table, Connection connection) throws SQLException {
        refuseOtherDatabase(table, connection);
        String sql = "SELECT * FROM " + identifiers.sql(table);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Map<String, Column> columns = identifiers.columnMap();
            Column.of(statement.getMetaData()).forEach(column -> columns.put(column.name(), column));
            refuseOtherKinds(table, connection);
            return new Table(columns, dialect.serverFilled(connection, table, identifiers.sql(table)));
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return null;
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }

    private void refuseOtherDatabase(TableId table, Connection connection) throws SQLException {
        String here = connection.getCatalog();
        if (table.catalog() != null && here != null && !table.catalog().equals(here)) {
            throw new ConnectException("table " + table.fullyQualified() + " would be in another database than " + here
                    + ", to which connection.url leads; name it in table.name.format or topics.to.tables.mapping, or"
                    + " shorten the topic with the RegexRouter transform");
        }
    }

    private void refuseOtherKinds(TableId table, Connection connection) throws SQLException {
        Optional<String> kind =
                dialect.kind(connection, identifiers.stored(new TableId(null, table.schema(), table.name())));
        boolean allowed = kind.isEmpty()
                || options.tableTypes().stream()
                        .anyMatch(each -> each.replace('_', ' ').equalsIgnoreCase(kind.get()));
        if (!allowed) {
            throw new ConnectException(
                    table + " is a " + kind.get() + ", and table.types allows only " + options.tableTypes());
        }
    }
}
