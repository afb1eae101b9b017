/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.BulkLoad;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.RowTarget;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * COPY in its text form, which every type reads; into the table itself for inserts, else into a temporary table of the same column
 * types, from which one statement does the rest.
 */
final class PostgresCopy implements BulkLoad {

    private static final int BUFFER_CHARS = 1 << 16;

    /** Types that round to the digits of the column without a word. */
    private static final Set<String> ROUNDING =
            Set.of("numeric", "time", "timetz", "timestamp", "timestamptz", "interval");

    private final Connection connection;
    private final CopyManager copies;
    private final Map<String, String> staged = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final StringBuilder buffer = new StringBuilder(BUFFER_CHARS);

    PostgresCopy(Connection connection) throws SQLException {
        this.connection = connection;
        this.copies = new CopyManager(connection.unwrap(BaseConnection.class));
    }

    @Override
    public void write(Action action, RowTarget target, List<@Nullable Object[]> rows) throws SQLException {
        List<Column> columns = action == Action.DELETE ? target.keys() : target.columns();
        String names = RowTarget.join(columns, ", ", target::sql);
        if (action == Action.INSERT) {
            copy(target.table() + " (" + names + ")", rows);
            return;
        }
        String stage = emptyStage(target, columns);
        copy(stage + " (" + names + ")", rows);
        execute(sql(action, target, stage, names));
    }

    @Override
    public void committed() {
        used.clear();
    }

    private static String sql(Action action, RowTarget target, String stage, String names) {
        String sameKey = RowTarget.join(
                target.keys(), " AND ", column -> "t." + target.sql(column) + " = s." + target.sql(column));
        return switch (action) {
            case DELETE -> "DELETE FROM " + target.table() + " t USING " + stage + " s WHERE " + sameKey;
            case UPDATE ->
                "UPDATE " + target.table() + " t SET "
                        + RowTarget.join(
                                target.others(), ", ", column -> target.sql(column) + " = s." + target.sql(column))
                        + " FROM " + stage + " s WHERE " + sameKey;
            case UPSERT, INSERT ->
                "INSERT INTO " + target.table() + " (" + names + ")" + PostgresDialect.overriding(target) + " SELECT "
                        + names + " FROM " + stage + PostgresDialect.onConflict(target);
        };
    }

    private String emptyStage(RowTarget target, List<Column> columns) throws SQLException {
        String query = "SELECT " + RowTarget.join(columns, ", ", column -> unlimited(target, column)) + " FROM "
                + target.table();
        String known = staged.get(query);
        if (known == null) {
            known = "pg_temp.levada_stage_" + staged.size();
            execute("DROP TABLE IF EXISTS " + known);
            execute("CREATE TEMPORARY TABLE " + known.substring("pg_temp.".length()) + " ON COMMIT DELETE ROWS AS "
                    + query + " WITH NO DATA");
            staged.put(query, known);
        }
        if (!used.add(known)) {
            execute("TRUNCATE " + known);
        }
        return known;
    }

    /** Without the digits that the column's type allows, which may change while the temporary table stays. */
    private static String unlimited(RowTarget target, Column column) {
        String name = target.sql(column);
        return ROUNDING.contains(column.typeName()) ? name + "::" + column.typeName() + " AS " + name : name;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void copy(String into, List<@Nullable Object[]> rows) throws SQLException {
        CopyIn copy = copies.copyIn("COPY " + into + " FROM STDIN");
        try {
            buffer.setLength(0);
            for (@Nullable Object[] row : rows) {
                appendRow(row);
                if (buffer.length() >= BUFFER_CHARS) {
                    send(copy);
                }
            }
            send(copy);
            long unused = copy.endCopy();
        } catch (SQLException | RuntimeException e) {
            if (copy.isActive()) {
                try {
                    copy.cancelCopy();
                } catch (SQLException cancel) {
                    e.addSuppressed(cancel);
                }
            }
            throw e;
        }
    }

    private void send(CopyIn copy) throws SQLException {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.setLength(0);
    }

    private void appendRow(@Nullable Object[] row) {
        char before = 0;
        for (Object value : row) {
            if (before != 0) {
                buffer.append(before);
            }
            before = '\t';
            if (value == null) {
                buffer.append("\\N");
            } else if (value instanceof String text) {
                appendEscaped(text);
            } else if (value instanceof byte[]) {
                // The backslash before the digits is one of the text's own.
                buffer.append('\\');
                PostgresText.append(buffer, value);
            } else {
                PostgresText.append(buffer, value);
            }
        }
        buffer.append('\n');
    }

    private void appendEscaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\t' -> buffer.append("\\t");
                case '\n' -> buffer.append("\\n");
                case '\r' -> buffer.append("\\r");
                default -> buffer.append(c);
            }
        }
    }
}
