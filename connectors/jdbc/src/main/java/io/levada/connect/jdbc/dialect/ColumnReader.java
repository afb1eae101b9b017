/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Turns one column into Connect's terms.
 *
 * @param schema of the values
 * @param cell reads one value
 */
public record ColumnReader(Schema schema, Cell cell) {

    /** A reader that gives null for NULL, with a schema that is optional if the column is. */
    public static ColumnReader of(SchemaBuilder schema, Column column, Cell cell) {
        if (column.optional()) {
            schema.optional();
        }
        return new ColumnReader(schema.build(), (rows, index) -> {
            Object value = cell.read(rows, index);
            return rows.wasNull() ? null : value;
        });
    }

    /** The value at a position of the current row, fit for the schema; null for SQL's NULL. */
    public @Nullable Object read(ResultSet rows, int index) throws SQLException {
        return cell.read(rows, index);
    }

    /** Reads one value of the current row. */
    @FunctionalInterface
    public interface Cell {
        @Nullable
        Object read(ResultSet rows, int index) throws SQLException;
    }
}
