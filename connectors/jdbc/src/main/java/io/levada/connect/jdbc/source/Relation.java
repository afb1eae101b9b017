/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one reader reads: a table or the query.
 *
 * @param table or null for the query
 * @param topic where its records go
 * @param from what stands after FROM
 * @param text the whole SELECT without conditions
 * @param excluded columns left out
 */
public record Relation(
        @Nullable TableId table,
        String topic,
        String from,
        String text,
        Identifiers identifiers,
        List<String> excluded) {

    /** A whole table, but for excluded columns. */
    public static Relation ofTable(TableId table, TableOptions options, Dialect dialect, String topicPrefix) {
        Identifiers identifiers = options.identifiers(dialect);
        String from = identifiers.sql(table);
        List<String> excluded = options.columnExcludeList().stream()
                .filter(name -> name.contains(".") && table.isCalled(name.substring(0, name.lastIndexOf('.'))))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.toUnmodifiableList());
        return new Relation(table, topicPrefix + table.name(), from, "SELECT * FROM " + from, identifiers, excluded);
    }

    /** The result of the query. */
    public static Relation ofQuery(TableOptions options, Dialect dialect, String topic) {
        String query = options.query().replaceFirst(";\\s*$", "");
        return new Relation(null, topic, dialect.derivedTable(query), query, options.identifiers(dialect), List.of());
    }

    /** The key under which offsets are stored. */
    Map<String, String> partition() {
        return table == null ? SourcePartition.ofQuery() : SourcePartition.ofTable(table);
    }

    /** The name of records' schema; none for a query. */
    @Nullable
    String schemaName() {
        return table == null ? null : table.name();
    }

    /** All columns, excluded ones too. The server plans the query but does not run it. */
    public List<Column> columns(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            return Column.of(statement.getMetaData());
        }
    }

    /** The SELECT without conditions: all that a bulk read needs. */
    String select(List<Column> columns) {
        return excluded.isEmpty() ? text : selectForConditions(columns);
    }

    /** A SELECT to which conditions can be added. */
    String selectForConditions(List<Column> columns) {
        String list = excluded.isEmpty()
                ? "*"
                : identifiers.list(
                        columns.stream()
                                .map(Column::name)
                                .filter(name -> !excluded.contains(name))
                                .collect(Collectors.toList()),
                        "");
        return "SELECT " + list + " FROM " + from;
    }

    @Override
    public String toString() {
        return table == null ? "the query" : "table " + table;
    }
}
