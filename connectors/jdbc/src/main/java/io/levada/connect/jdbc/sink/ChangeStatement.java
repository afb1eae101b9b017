/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.RowTarget;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Executes changes that are alike as one batch of one statement. */
final class ChangeStatement {

    private final InsertMode insertMode;
    private final Identifiers identifiers;
    private final Dialect dialect;
    private final ValueBinder binder;

    ChangeStatement(SinkOptions options, Dialect dialect) {
        this.insertMode = options.insertMode();
        this.identifiers = options.identifiers(dialect);
        this.dialect = dialect;
        this.binder = new ValueBinder(dialect, new TemporalValues(dialect, options.zone()));
    }

    /**
     * Executes within the connection's transaction.
     *
     * @param changes at least one, all alike
     * @throws DataException if a value cannot be sent to its column
     */
    void execute(List<Change> changes, Map<String, Column> columns, Connection connection) throws SQLException {
        Change first = changes.get(0);
        try (PreparedStatement statement = connection.prepareStatement(sql(first, columns))) {
            for (Change change : oneForEachKey(changes)) {
                int index = 1;
                for (FieldValue field : order(change)) {
                    binder.bind(statement, index++, field, column(change, field, columns));
                }
                statement.addBatch();
            }
            int[] unused = statement.executeBatch();
        } catch (BatchUpdateException e) {
            // The driver's wrapper says no more than the server's own words within it.
            throw e.getNextException() == null ? e : e.getNextException();
        }
    }

    /** One statement must not touch a row twice (cardinality_violation), and the last of a key's changes wins anyway. */
    private Collection<Change> oneForEachKey(List<Change> changes) {
        if (insertMode == InsertMode.INSERT && !changes.get(0).delete()) {
            return changes;
        }
        Map<List<@Nullable Object>, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.keyValues(), change));
        return last.values();
    }

    private List<FieldValue> order(Change change) {
        if (change.delete() || insertMode != InsertMode.UPDATE) {
            return change.fields();
        }
        List<FieldValue> fields = new ArrayList<>(change.others());
        fields.addAll(change.keys());
        return fields;
    }

    private Column column(Change change, FieldValue field, Map<String, Column> columns) {
        Column column = columns.get(identifiers.stored(field.name()));
        if (column == null) {
            throw new ConnectException("table " + change.table() + " has no column " + field.name());
        }
        return column;
    }

    private String sql(Change change, Map<String, Column> columns) {
        RowTarget target = new RowTarget(
                identifiers.sql(change.table()),
                identifiers,
                change.keys().stream()
                        .map(field -> column(change, field, columns))
                        .toList(),
                change.others().stream()
                        .map(field -> column(change, field, columns))
                        .toList());
        if (change.delete()) {
            return dialect.delete(target);
        }
        return switch (insertMode) {
            case INSERT -> dialect.insert(target);
            case UPSERT -> dialect.upsert(target);
            case UPDATE -> {
                if (target.others().isEmpty()) {
                    throw new DataException("insert.mode=update has nothing to change: every field is part of the key");
                }
                yield dialect.update(target);
            }
        };
    }
}
