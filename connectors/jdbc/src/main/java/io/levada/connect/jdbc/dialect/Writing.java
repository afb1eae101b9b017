/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** How rows and tables are written. Statements have one parameter for each column, in the order that their comment gives. */
public interface Writing {

    /** An INSERT; parameters are the keys, then the others. */
    default String insert(RowTarget target) {
        return "INSERT INTO " + target.table() + " (" + RowTarget.join(target.columns(), ", ", target::sql)
                + ") VALUES (" + RowTarget.join(target.columns(), ", ", this::placeholder) + ")";
    }

    /** A statement that inserts the row, or updates it if its key exists; parameters are the keys, then the others. */
    String upsert(RowTarget target);

    /**
     * Whether {@link #upsert} finds the row of the keys that is there.
     *
     * @param table its names as the server stores them
     */
    default boolean findsRowBy(Collection<String> keys, TableId table, Connection connection) throws SQLException {
        return true;
    }

    /** An UPDATE of the others, of which there is at least one; parameters are the others, then the keys. */
    default String update(RowTarget target) {
        return "UPDATE " + target.table() + " SET "
                + RowTarget.join(target.others(), ", ", column -> target.sql(column) + " = " + placeholder(column))
                + keyCondition(target);
    }

    /** Removes all rows within the connection's transaction. */
    default void deleteAll(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int unused = statement.executeUpdate("DELETE FROM " + table);
        }
    }

    /** A DELETE; parameters are the keys. */
    default String delete(RowTarget target) {
        return "DELETE FROM " + target.table() + keyCondition(target);
    }

    private String keyCondition(RowTarget target) {
        return " WHERE "
                + RowTarget.join(target.keys(), " AND ", column -> target.sql(column) + " = " + placeholder(column));
    }

    /** What stands for a value of the column in a statement. */
    default String placeholder(Column column) {
        return "?";
    }

    /**
     * Sets a parameter.
     *
     * @param value text, a number, Boolean, bytes, LocalDate, LocalTime, LocalDateTime, OffsetDateTime, or null
     */
    default void bind(PreparedStatement statement, int index, Column column, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof Byte number) {
            statement.setShort(index, number.shortValue());
        } else {
            statement.setObject(index, value);
        }
    }

    /** Whether the column holds JSON, so that structures can be written to it. */
    boolean holdsJson(Column column);

    /** The column of a single element, if the column holds arrays. */
    default Optional<Column> element(Column column) {
        return Optional.empty();
    }

    /**
     * What is bound to a column that holds arrays.
     *
     * @param column of an element
     * @param elements as {@link #bind} takes values, or null, or lists of such, which are further dimensions
     */
    default Object array(Column column, List<?> elements) {
        throw new DataException("is an array, which this kind of database does not have");
    }

    /** A faster way to write many rows on the connection, if there is one; of its present transaction. */
    default Optional<BulkLoad> bulkLoad(Connection connection) throws SQLException {
        return Optional.empty();
    }

    /** How to find out what became of a commit, if the server tells. */
    default Optional<CommitLookup> commitLookup() {
        return Optional.empty();
    }

    /** A statement that has constraints checked by each statement of the transaction, and not at its end, if there is such. */
    default Optional<String> checkConstraintsAtOnce() {
        return Optional.empty();
    }

    /** True if a change was refused because another row, to which it refers, is not there, or one that refers to it still is. */
    default boolean isMissingReference(SQLException failure) {
        return "23503".equals(failure.getSQLState());
    }

    /**
     * The column type for a CREATE TABLE, or nothing if no type holds values of the schema.
     *
     * @param key whether the column is part of the primary key
     */
    Optional<String> columnType(Schema schema, boolean key);

    /** A default value in SQL; nothing for what has no plain form. */
    default Optional<String> literal(@Nullable Object value) {
        if (value instanceof String text) {
            return Optional.of("'" + text.replace("'", "''") + "'");
        }
        boolean finite = !(value instanceof Double d && !Double.isFinite(d))
                && !(value instanceof Float f && !Float.isFinite(f));
        return (value instanceof Number && finite) || value instanceof Boolean
                ? Optional.of(value.toString())
                : Optional.empty();
    }

    /**
     * A CREATE TABLE that does nothing, or fails as {@link #isAlreadyThere} tells, if the table exists.
     *
     * @param lines columns with type and constraints, and the primary key
     */
    default String createTable(String table, List<String> lines) {
        return "CREATE TABLE IF NOT EXISTS " + table + " (" + String.join(", ", lines) + ")";
    }

    /**
     * The statements that add columns; they do nothing, or fail as {@link #isAlreadyThere} tells, for one that exists.
     *
     * @param columns with type and constraints, at least one
     */
    List<String> addColumns(String table, List<String> columns);

    /**
     * Those of some privileges on a table, such as INSERT, that the user lacks; none where the database does not tell.
     *
     * @param table its names as the server stores them
     */
    default List<String> forbidden(Connection connection, TableId table, List<String> privileges) throws SQLException {
        return List.of();
    }

    /**
     * Why a missing table could not be created, and what to do; nothing where the database does not tell.
     *
     * @param table its names as the server stores them
     */
    default Optional<String> createProblem(Connection connection, TableId table) throws SQLException {
        return Optional.empty();
    }

    /** True if a statement failed because its table, or that table's schema, does not exist. */
    boolean isMissingTable(SQLException failure);

    /** True if a CREATE TABLE or ADD COLUMN failed because another did the same before. */
    boolean isAlreadyThere(SQLException failure);
}
