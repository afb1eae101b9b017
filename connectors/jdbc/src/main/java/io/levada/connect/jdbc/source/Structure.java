/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.ReadOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a relation looked like at last.
 *
 * @param columns all of them, also those that are not read
 * @param primaryKey its columns in the key's order; empty without one, and for a query
 */
record Structure(List<Column> columns, List<String> primaryKey) {

    /** Looks again; asks for the key only where something has changed since {@code before}. */
    static Structure of(Relation relation, Dialect dialect, Connection connection, @Nullable Structure before)
            throws SQLException {
        List<Column> columns = relation.columns(connection);
        if (before != null && before.columns().equals(columns)) {
            return before;
        }
        return new Structure(
                columns, relation.table() == null ? List.of() : dialect.primaryKey(connection, relation.table()));
    }

    /**
     * The primary key, if rows can be put into its order and told apart by it: whole numbers that records show as they are, which an
     * unsigned one of 64 bits is not.
     */
    List<String> order(Relation relation, Dialect dialect, ReadOptions types) {
        ColumnChoice choice = relation.columns();
        // Without quotes a name as the server stores it may mean another column.
        return relation.identifiers().quoting() == Quoting.ALWAYS
                        && primaryKey.stream()
                                .allMatch(name -> choice.reads(name)
                                        && !choice.masks(name)
                                        && columns.stream()
                                                .filter(column -> column.name().equals(name))
                                                .anyMatch(column -> isWhole(column, dialect, types)))
                ? primaryKey
                : List.of();
    }

    private static boolean isWhole(Column column, Dialect dialect, ReadOptions types) {
        return isWhole(column.jdbcType())
                && dialect.reader(column, types)
                        .filter(reader -> isWhole(reader.schema()))
                        .isPresent();
    }

    private static boolean isWhole(int type) {
        return type == Types.SMALLINT || type == Types.INTEGER || type == Types.BIGINT;
    }

    private static boolean isWhole(Schema schema) {
        return schema.name() == null
                && switch (schema.type()) {
                    case INT8, INT16, INT32, INT64 -> true;
                    default -> false;
                };
    }
}
