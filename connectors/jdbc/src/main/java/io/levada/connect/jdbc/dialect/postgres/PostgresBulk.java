/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.BulkLoad;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.RowTarget;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * Inserts by COPY in its text form, which every type reads. All else is one statement for many rows, whose parameters are arrays, one
 * for each column: {@code INSERT ... SELECT ... FROM unnest(...)}. That costs a round trip and no temporary table.
 */
final class PostgresBulk implements BulkLoad {

    private static final int BUFFER_CHARS = 1 << 16;

    /** What the arrays of one statement hold at most, about. */
    private static final int STATEMENT_CHARS = 1 << 23;

    private final Connection connection;
    private final CopyManager copies;

    PostgresBulk(Connection connection) throws SQLException {
        this.connection = connection;
        this.copies = new CopyManager(connection.unwrap(BaseConnection.class));
    }

    @Override
    public void write(Action action, RowTarget target, List<@Nullable Object[]> rows) throws SQLException {
        if (action == Action.INSERT && !hasRules(target.table())) {
            copy(target, rows);
        } else {
            unnest(action, target, rows);
        }
    }

    /** COPY passes over what rules say of an INSERT. */
    private boolean hasRules(String table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT relhasrules FROM pg_class WHERE oid = to_regclass(?)")) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private void unnest(Action action, RowTarget target, List<@Nullable Object[]> rows) throws SQLException {
        List<Column> columns = action == Action.DELETE ? target.keys() : target.columns();
        List<StringBuilder> arrays = new ArrayList<>();
        columns.forEach(column -> arrays.add(new StringBuilder("{")));
        List<Character> delimiters = columns.stream()
                .map(column -> isCast(column) ? ',' : PostgresTypeNames.delimiter(column))
                .toList();
        try (PreparedStatement statement = connection.prepareStatement(sql(action, target, columns))) {
            int size = 0;
            for (@Nullable Object[] row : rows) {
                for (int i = 0; i < arrays.size(); i++) {
                    StringBuilder array = arrays.get(i);
                    int before = array.length();
                    char delimiter = delimiters.get(i);
                    PostgresText.appendElement(before == 1 ? array : array.append(delimiter), row[i], delimiter);
                    size += array.length() - before;
                }
                if (size >= STATEMENT_CHARS) {
                    execute(statement, arrays);
                    size = 0;
                }
            }
            if (size > 0) {
                execute(statement, arrays);
            }
        }
    }

    private static void execute(PreparedStatement statement, List<StringBuilder> arrays) throws SQLException {
        for (int i = 0; i < arrays.size(); i++) {
            StringBuilder array = arrays.get(i);
            statement.setString(i + 1, array.append('}').toString());
            array.setLength(1);
        }
        statement.executeUpdate();
    }

    private static String sql(Action action, RowTarget target, List<Column> columns) {
        List<String> parameters = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parameters.add(isCast(columns.get(i)) ? "?::text[]" : "?::" + typeName(columns.get(i)) + "[]");
            names.add("c" + i);
        }
        String source = "unnest(" + String.join(", ", parameters) + ") AS s (" + String.join(", ", names) + ")";
        return switch (action) {
            case DELETE -> "DELETE FROM " + target.table() + " t USING " + source + sameKey(target);
            case UPDATE ->
                "UPDATE " + target.table() + " t SET " + assignments(target) + " FROM " + source + sameKey(target);
            case INSERT, UPSERT ->
                "INSERT INTO " + target.table() + " (" + RowTarget.join(columns, ", ", target::sql) + ")"
                        + PostgresDialect.overriding(target) + " SELECT " + values(columns) + " FROM " + source
                        + PostgresDialect.onConflict(target);
        };
    }

    private static String sameKey(RowTarget target) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < target.keys().size(); i++) {
            Column key = target.keys().get(i);
            conditions.add("t." + target.sql(key) + " = " + value(key, i));
        }
        return " WHERE " + String.join(" AND ", conditions);
    }

    private static String assignments(RowTarget target) {
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < target.others().size(); i++) {
            Column column = target.others().get(i);
            assignments.add(
                    target.sql(column) + " = " + value(column, target.keys().size() + i));
        }
        return String.join(", ", assignments);
    }

    private static String values(List<Column> columns) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(columns.get(i), i));
        }
        return String.join(", ", values);
    }

    private static String value(Column column, int place) {
        String name = "s.c" + place;
        if (!isCast(column)) {
            return name;
        }
        // A bit without a length is one bit, to which the cast would cut.
        return name + "::" + (isBits(column) ? "varbit" : typeName(column));
    }

    /** True for columns whose arrays unnest would take apart too far, and for those whose type means another without its length. */
    private static boolean isCast(Column column) {
        return column.jdbcType() == Types.ARRAY || isBits(column);
    }

    /** The driver names columns with a sequence by words that are no types. */
    private static String typeName(Column column) {
        return switch (column.typeName()) {
            case "smallserial" -> "int2";
            case "serial" -> "int4";
            case "bigserial" -> "int8";
            default -> column.typeName();
        };
    }

    private static boolean isBits(Column column) {
        return column.typeName().equals("bit");
    }

    private void copy(RowTarget target, List<@Nullable Object[]> rows) throws SQLException {
        CopyIn copy = copies.copyIn(
                "COPY " + target.table() + " (" + RowTarget.join(target.columns(), ", ", target::sql) + ") FROM STDIN");
        try {
            StringBuilder buffer = new StringBuilder();
            for (@Nullable Object[] row : rows) {
                appendRow(buffer, row);
                if (buffer.length() >= BUFFER_CHARS) {
                    send(copy, buffer);
                }
            }
            send(copy, buffer);
            long unused = copy.endCopy();
        } catch (SQLException | RuntimeException e) {
            cancel(copy, e);
            throw e;
        }
    }

    private static void cancel(CopyIn copy, Exception cause) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void send(CopyIn copy, StringBuilder buffer) throws SQLException {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.setLength(0);
    }

    private static void appendRow(StringBuilder out, @Nullable Object[] row) {
        for (int i = 0; i < row.length; i++) {
            if (i > 0) {
                out.append('\t');
            }
            Object value = row[i];
            if (value == null) {
                out.append("\\N");
            } else if (value instanceof String text) {
                appendEscaped(out, text);
            } else {
                // The backslash before the digits of bytes is one of the text's own.
                PostgresText.append(value instanceof byte[] ? out.append('\\') : out, value);
            }
        }
        out.append('\n');
    }

    private static void appendEscaped(StringBuilder out, String text) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '\t' || c == '\n' || c == '\r') {
                out.append(text, from, i).append(escape(c));
                from = i + 1;
            }
        }
        PostgresText.appendRest(out, text, from);
    }

    private static String escape(char c) {
        return switch (c) {
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default -> "\\" + c;
        };
    }
}
