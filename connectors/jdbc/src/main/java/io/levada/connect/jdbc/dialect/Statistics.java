/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a database tells at little cost, however large a table is: about how many rows it has, and where its keys lie. */
public interface Statistics {

    /**
     * About how many rows a table has, by what the database keeps for its planner; nothing if it keeps nothing.
     *
     * @param table its names as the server stores them
     * @param sql the same in SQL
     */
    default OptionalLong estimatedRows(Connection connection, TableId table, String sql) throws SQLException {
        return OptionalLong.empty();
    }

    /**
     * Keys, in the server's order, at which the table falls into parts of about as many rows, from a sample of it; fewer where keys are
     * alike. Nothing if the database takes no samples.
     *
     * @param table in SQL
     * @param column in SQL; of any type that the server orders
     * @param rows about how many there are
     */
    default Optional<List<String>> quantiles(Connection connection, String table, String column, int parts, long rows)
            throws SQLException {
        return Optional.empty();
    }

    /** Sets a parameter that a key's column is compared with, to a key from {@link #quantiles} or to a number. */
    default void bindKey(PreparedStatement statement, int index, String key) throws SQLException {
        BigDecimal number = new BigDecimal(key);
        if (number.scale() <= 0 && number.precision() - number.scale() < 19) {
            statement.setLong(
                    index, number.longValueExact()); // compared with an integer a decimal would keep indexes from use
        } else {
            statement.setBigDecimal(index, number);
        }
    }

    /** The number in the first row and column of what a query with these parameters gives; nothing without one. */
    static OptionalLong number(Connection connection, String query, @Nullable String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return OptionalLong.empty();
                }
                long number = rows.getLong(1);
                return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
            }
        }
    }
}
