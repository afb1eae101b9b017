/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.event.Unavailable;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks tables, by key, for values that were not sent, all rows of a batch together. What comes is the value of now, which may be
 * newer than the change; then a later event tells it, too. Used by the capturing thread.
 */
public final class Reselect implements Unavailable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Reselect.class);

    /** Keys of one query. */
    private static final int KEYS = 500;

    /** SQLState, its class: the table or column is not what it was, or may not be read. */
    private static final String NOT_SUCH = "42";

    private final Connection connection;
    private final Map<CapturedTable, List<Pending>> pending = new LinkedHashMap<>();

    /** @param connection that writes values as all of ours do, with autocommit on */
    public Reselect(Connection connection) {
        this.connection = connection;
    }

    /**
     * An event with placeholders.
     *
     * @param texts of the key's columns
     * @param columns whose values are missed
     */
    private record Pending(Struct key, List<String> texts, List<Integer> columns, Struct after) {}

    @Override
    public void told(
            CapturedTable table,
            Tuple row,
            @Nullable Object @Nullable [] before,
            @Nullable Object[] values,
            Struct after) {
        List<Integer> columns = table.unavailable(row, before);
        if (columns.isEmpty()) {
            return;
        }
        Struct key = table.key(values);
        List<String> texts = table.keyTexts(row);
        if (key != null && !texts.isEmpty()) {
            pending.computeIfAbsent(table, first -> new ArrayList<>()).add(new Pending(key, texts, columns, after));
        }
    }

    /**
     * Replaces the placeholders of all events that were told of, as far as their rows are still there.
     *
     * @throws SQLException if the server cannot be asked
     */
    public void fill() throws SQLException {
        for (Map.Entry<CapturedTable, List<Pending>> each : pending.entrySet()) {
            List<Pending> rows = each.getValue();
            for (int from = 0; from < rows.size(); from += KEYS) {
                fill(each.getKey(), rows.subList(from, Math.min(rows.size(), from + KEYS)));
            }
        }
        pending.clear();
    }

    private void fill(CapturedTable table, List<Pending> rows) throws SQLException {
        Map<Struct, @Nullable Object[]> found;
        try {
            found = found(table, rows);
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(NOT_SUCH)) {
                throw e;
            }
            warn(table, e);
            return;
        } catch (DataException e) {
            warn(table, e);
            return;
        }
        for (Pending row : rows) {
            @Nullable Object[] values = found.get(row.key());
            if (values != null) {
                row.columns().forEach(column -> table.put(row.after(), column, values[column]));
            }
        }
    }

    private static void warn(CapturedTable table, Exception e) {
        LOGGER.atWarn()
                .addKeyValue("table", table.name())
                .addKeyValue("error", e.getMessage())
                .log("values that were not sent cannot be asked for, since the table has changed; placeholders stay");
    }

    /** Rows by their keys; without those whose key is of several rows, as one that the user chose may be. */
    private Map<Struct, @Nullable Object[]> found(CapturedTable table, List<Pending> rows) throws SQLException {
        Map<Struct, @Nullable Object[]> found = new HashMap<>();
        Set<Struct> ambiguous = new HashSet<>();
        CopyOut copy = connection.unwrap(BaseConnection.class).getCopyAPI().copyOut(query(table, rows));
        try {
            for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
                @Nullable
                Object[] values =
                        table.values(CopyLine.of(line, table.columns()).tuple(), null);
                Struct key = table.key(values);
                if (key != null && found.put(key, values) != null) {
                    ambiguous.add(key);
                }
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        found.keySet().removeAll(ambiguous);
        return found;
    }

    private static String query(CapturedTable table, List<Pending> rows) {
        Set<String> asked = new TreeSet<>(table.keyColumns());
        rows.forEach(row ->
                row.columns().forEach(column -> asked.add(table.columnNames().get(column))));
        String columns = IntStream.range(0, table.columns())
                .mapToObj(table.columnNames()::get)
                .map(column -> asked.contains(column) ? TableName.quoted(column) : "NULL")
                .collect(Collectors.joining(", "));
        String key = table.keyColumns().stream().map(TableName::quoted).collect(Collectors.joining(", ", "(", ")"));
        String keys = rows.stream()
                .map(row -> row.texts().stream().map(Reselect::literal).collect(Collectors.joining(", ", "(", ")")))
                .distinct()
                .collect(Collectors.joining(", "));
        return "COPY (SELECT ctid, " + columns + " FROM " + table.name().sql() + " WHERE " + key + " IN (" + keys
                + ")) TO STDOUT";
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
