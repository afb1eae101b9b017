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
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What one reader reads: a table or the query.
 *
 * @param table or null for the query
 * @param topic where its records go
 * @param partition the source partition of its records
 * @param from what stands after FROM
 * @param text the whole SELECT without conditions
 * @param placeholders what the parameters in {@code text} and {@code from} stand for
 * @param columns which are read
 * @param range which rows; null for all
 */
public record Relation(
        @Nullable TableId table,
        String topic,
        Map<String, String> partition,
        String from,
        String text,
        List<QueryText.Placeholder> placeholders,
        Identifiers identifiers,
        ColumnChoice columns,
        @Nullable KeyRange range) {

    /**
     * A whole table, but for columns that are left out.
     *
     * @param partition under which its offset was found, or is to be stored
     * @throws ConnectException if the table's name is another without quotes, and there are to be none
     */
    public static Relation ofTable(
            TableId table, Map<String, String> partition, SourceOptions options, Dialect dialect) {
        Identifiers identifiers = dialect.identifiers(options.tables().quoting());
        if (!identifiers.stored(table.name()).equals(table.name())
                || (table.schema() != null
                        && !identifiers.stored(table.schema()).equals(table.schema()))) {
            throw new ConnectException("the name of table " + table
                    + " means another table without quotes; set quote.sql.identifiers=always, or leave the table out");
        }
        String from = identifiers.sql(table);
        return new Relation(
                table,
                options.topics().of(table),
                partition,
                from,
                "SELECT * FROM " + from,
                List.of(),
                identifiers,
                options.columns().of(table, identifiers, options.topics().tellsByName()),
                null);
    }

    /** The same table's rows in a range. */
    Relation within(KeyRange those) {
        return new Relation(table, topic, partition, from, text, placeholders, identifiers, columns, those);
    }

    /** The same rows, whose records have another source partition. */
    Relation withPartition(Map<String, String> other) {
        return new Relation(table, topic, other, from, text, placeholders, identifiers, columns, range);
    }

    /** The result of the query. */
    public static Relation ofQuery(SourceOptions options, Dialect dialect) {
        QueryText query = options.tables().queryText(dialect);
        Identifiers identifiers = dialect.identifiers(options.tables().quoting());
        return new Relation(
                null,
                options.topics().prefix(),
                SourcePartition.ofQuery(),
                dialect.derivedTable(query.sql()),
                query.sql(),
                query.placeholders(),
                identifiers,
                options.columns().ofQuery(identifiers),
                null);
    }

    /** The name of records' schema; none for a query. */
    @Nullable
    String schemaName() {
        return table == null ? null : table.name();
    }

    /**
     * All columns, also those that are not read. The server plans the query but does not run it.
     *
     * @throws OptionFault if a list of columns names one that is not there
     */
    public List<Column> columns(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            List<Column> all = Column.of(statement.getMetaData());
            columns.checkThat(this, all);
            return all;
        }
    }

    /** The SELECT without conditions: all that a bulk read of a query needs. */
    String select(List<Column> all) {
        return table == null ? text : selectForConditions(all);
    }

    /** A SELECT to which conditions can be added. */
    String selectForConditions(List<Column> all) {
        String list = columns.all()
                ? "*"
                : identifiers.list(
                        all.stream()
                                .map(Column::name)
                                .filter(columns::reads)
                                .map(this::withoutQuotes)
                                .collect(Collectors.toList()),
                        "");
        return "SELECT " + list + " FROM " + from;
    }

    private String withoutQuotes(String column) {
        if (!identifiers.stored(column).equals(column)) {
            throw new ConnectException("the name of column " + column + " of " + this
                    + " means another column without quotes; set quote.sql.identifiers=always");
        }
        return column;
    }

    @Override
    public String toString() {
        return table == null ? "the query" : "table " + table;
    }
}
