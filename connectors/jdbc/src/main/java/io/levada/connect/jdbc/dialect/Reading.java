/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How rows are read. */
public interface Reading {

    /** How to read a column, or nothing if its type has no faithful form in Connect. */
    Optional<ColumnReader> reader(Column column, ReadOptions options);

    /** What the column says about time. */
    TemporalKind temporal(Column column);

    /** True if the column is a timestamp that modes can follow. */
    default boolean isTimestamp(Column column) {
        return temporal(column).isTimestamp();
    }

    /** The moment in a timestamp column of the current row, as exact as the column. */
    default @Nullable Instant instant(ResultSet rows, int index, Column column, ZoneId zone) throws SQLException {
        return TemporalCells.instant(rows, index, temporal(column) == TemporalKind.TIMESTAMP_WITH_ZONE, zone);
    }

    /** A timestamp column in SQL, in the form in which it is compared with others and ordered. */
    default String comparable(String column) {
        return column;
    }

    /** A condition for rows whose value in a timestamp column is no moment, so that it compares with none; nothing if there are none. */
    default Optional<String> unreadable(String column) {
        return Optional.empty();
    }

    /** What stands for a moment that is compared with a timestamp column. */
    default String momentParameter(Column column) {
        return "?";
    }

    /** Sets a parameter that is compared with a timestamp column. */
    default void bindInstant(PreparedStatement statement, int index, Column column, ZoneId zone, Instant value)
            throws SQLException {
        statement.setObject(
                index,
                temporal(column) == TemporalKind.TIMESTAMP_WITH_ZONE
                        ? OffsetDateTime.ofInstant(value, ZoneOffset.UTC)
                        : LocalDateTime.ofInstant(value, zone));
    }

    /** The database's clock, now. */
    Instant now(Connection connection) throws SQLException;

    /** What a query is called that stands in brackets after FROM. */
    default String derivedTable(String query) {
        // A line break, so that a comment at the query's end does not swallow the bracket.
        return "(" + query + "\n) AS q";
    }

    /** How a query's own question mark, an operator, is written in a prepared statement, where a single one is a parameter. */
    default String questionMark() {
        return "?";
    }

    /**
     * Tells a table from one that is dropped and made anew under its name, or emptied: as long as one part of the answer, between commas, is
     * the same, it is the same table. Nothing if the database does not tell.
     *
     * @param table its name in SQL
     */
    default Optional<String> incarnation(Connection connection, String table) throws SQLException {
        return Optional.empty();
    }

    /** Which transactions are open; nothing if the database does not tell, so that late rows need to be looked for again. */
    default Optional<OpenTransactions> openTransactions() {
        return Optional.empty();
    }
}
