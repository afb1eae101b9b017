/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
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
    private final Map<TableId, Map<String, Column>> known = new HashMap<>();

    TableStructures(SinkOptions options, Dialect dialect) {
        this.options = options;
        this.dialect = dialect;
        this.identifiers = options.identifiers(dialect);
        this.definition = new TableDefinition(dialect, identifiers);
    }

    /** Forgets what tables look like, after a failure that may come from a change of theirs. */
    void forget() {
        known.clear();
    }

    /**
     * Gives the columns of the change's table by name, after adding what is missing if that is allowed.
     *
     * @throws ConnectException if the table or a column is missing and may not be added
     */
    Map<String, Column> columnsFor(Change change, Connection connection) throws SQLException {
        Map<String, Column> columns = known.get(change.table());
        if (columns == null) {
            columns = describe(change.table(), connection);
            if (columns == null) {
                columns = create(change, connection);
            }
        }
        if (!missing(change, columns).isEmpty()) {
            columns = evolve(change, columns, connection);
        }
        known.put(change.table(), columns);
        return columns;
    }

    private List<FieldValue> missing(Change change, Map<String, Column> columns) {
        return change.fields().stream()
                .filter(field -> !columns.containsKey(identifiers.stored(field.name())))
                .toList();
    }

    private Map<String, Column> create(Change change, Connection connection) throws SQLException {
        String table = change.table().qualified();
        if (!options.autoCreate()) {
            throw new ConnectException(
                    "there is no table " + table + "; create it, set auto.create=true, or correct table.name.format");
        }
        execute(List.of(definition.create(change)), connection);
        LOGGER.atInfo().addKeyValue("table", table).log("table created");
        return described(change.table(), connection);
    }

    private Map<String, Column> evolve(Change change, Map<String, Column> columns, Connection connection)
            throws SQLException {
        List<FieldValue> missing = missing(change, columns);
        List<String> names = missing.stream().map(FieldValue::name).toList();
        if (Set.copyOf(names).equals(ENVELOPE)) {
            throw new ConnectException("table " + change.table() + " has no column for the fields " + names
                    + ", which are not the data but what JsonConverter writes around it with schemas.enable=true: set"
                    + " value.converter.schemas.enable=true, and value.converter itself, on this connector");
        }
        if (!options.autoEvolve()) {
            throw new ConnectException("table " + change.table() + " has no column for the fields " + names
                    + "; add them, set auto.evolve=true, or leave the fields out with fields.whitelist");
        }
        execute(definition.add(change.table(), missing), connection);
        LOGGER.atInfo()
                .addKeyValue("table", change.table())
                .addKeyValue("columns", names)
                .log("columns added");
        return described(change.table(), connection);
    }

    private void execute(List<String> ddl, Connection connection) throws SQLException {
        for (String sql : ddl) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                if (!dialect.isAlreadyThere(e)) {
                    throw e;
                }
            }
        }
    }

    private Map<String, Column> described(TableId table, Connection connection) throws SQLException {
        Map<String, Column> columns = describe(table, connection);
        if (columns == null) {
            throw new ConnectException("table " + table + " was dropped while the task was preparing it");
        }
        return columns;
    }

    /** The columns by name, or null if the table does not exist. */
    private @Nullable Map<String, Column> describe(TableId table, Connection connection) throws SQLException {
        String sql = "SELECT * FROM " + identifiers.sql(table);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Map<String, Column> columns = identifiers.columnMap();
            Column.of(statement.getMetaData()).forEach(column -> columns.put(column.name(), column));
            refuseOtherTypes(table, connection);
            return columns;
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return null;
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }

    private void refuseOtherTypes(TableId table, Connection connection) throws SQLException {
        TableId stored = new TableId(
                null,
                table.schema() == null ? null : identifiers.stored(table.schema()),
                identifiers.stored(table.name()));
        Optional<String> kind = dialect.kind(connection, stored);
        if (kind.isPresent()
                && options.tableTypes().stream()
                        .noneMatch(allowed -> allowed.replace('_', ' ').equalsIgnoreCase(kind.get()))) {
            throw new ConnectException(
                    table + " is a " + kind.get() + ", and table.types allows only " + options.tableTypes());
        }
    }
}
