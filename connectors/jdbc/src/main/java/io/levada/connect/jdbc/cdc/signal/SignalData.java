/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.jdbc.cdc.snapshot.Wanted;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads what a signal has besides its type. */
public final class SignalData {

    /** SQLState of a statement that took too long. */
    private static final String CANCELED = "57014";

    /** SQLState of a lock that did not come in time. */
    private static final String LOCKED = "55P03";

    private final Connection connection;
    private final String json;

    /** The database does not take the signal. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Lost connections, servers that go down and tables that are locked are no fault of the signal's. */
    private static Unreadable orThrow(SQLException e) throws SQLException {
        if (e.getSQLState() == null
                || e.getSQLState().equals(LOCKED)
                || e.getSQLState().startsWith("08")
                || e.getSQLState().startsWith("57")) {
            throw e;
        }
        return new Unreadable(String.valueOf(e.getMessage()), e);
    }

    /**
     * @param connection with autocommit on
     * @param json empty for no data
     */
    public SignalData(Connection connection, String json) {
        this.connection = connection;
        this.json = json.isBlank() ? "{}" : json;
    }

    /** The text under a key; null if there is none. */
    public @Nullable String text(String key) throws SQLException, Unreadable {
        List<String> found = query("SELECT ?::json->>?", key);
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * Of the tables, those that {@code data-collections} names by regular expressions, in their order; null if there is no such key.
     *
     * @throws PatternSyntaxException if one is no regular expression
     */
    public @Nullable List<TableName> tables(List<TableName> captured) throws SQLException, Unreadable {
        if (text("data-collections") == null) {
            return null;
        }
        List<NamePatterns> patterns = query("SELECT json_array_elements_text(?::json->?)", "data-collections").stream()
                .map(each -> NamePatterns.of(each.replace(",", "\\,")))
                .toList();
        return captured.stream()
                .filter(table -> patterns.stream().anyMatch(each -> each.matches(table.toString())))
                .toList();
    }

    /**
     * The tables with the conditions of {@code additional-conditions} that rows of theirs must meet.
     *
     * @throws Unreadable if a condition is none
     */
    public List<Wanted> wanted(List<TableName> tables) throws SQLException, Unreadable {
        List<String> conditions = query(
                "SELECT coalesce(e->>'data-collection', ''), coalesce(e->>'filter', '') FROM json_array_elements(?::json->?) e",
                "additional-conditions");
        List<Wanted> wanted = new ArrayList<>();
        for (TableName table : tables) {
            String filter = null;
            for (int i = 0; i < conditions.size(); i += 2) {
                if (NamePatterns.of(conditions.get(i).replace(",", "\\,")).matches(table.toString())) {
                    filter = conditions.get(i + 1);
                    check(table, filter);
                }
            }
            wanted.add(new Wanted(table, filter));
        }
        return wanted;
    }

    /**
     * A condition that is one in a {@code CASE} too cannot end the parentheses that it is put into, nor the statement. The server
     * does not run it here, but for what it works out as it plans, which must end.
     */
    private void check(TableName table, String filter) throws SQLException, Unreadable {
        if (filter.contains(";")) {
            throw new Unreadable("the filter of " + table + " has a semicolon", null);
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET TRANSACTION READ ONLY");
            statement.execute("SET LOCAL lock_timeout = '3s'");
            statement.execute("SET LOCAL statement_timeout = '5s'");
            statement.execute("EXPLAIN SELECT FROM " + table.sql() + " WHERE (" + filter + "\n) AND CASE WHEN " + filter
                    + "\nTHEN true END");
        } catch (SQLException e) {
            if (CANCELED.equals(e.getSQLState())) {
                throw new Unreadable("the filter of " + table + " takes too long to plan: " + e.getMessage(), e);
            }
            throw orThrow(e);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** All cells of all rows; without those that are null. */
    private List<String> query(String sql, String key) throws SQLException, Unreadable {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, json);
            statement.setString(2, key);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        String cell = rows.getString(i);
                        if (cell != null) {
                            found.add(cell);
                        }
                    }
                }
            }
        } catch (SQLException e) {
            throw orThrow(e);
        }
        return found;
    }
}
