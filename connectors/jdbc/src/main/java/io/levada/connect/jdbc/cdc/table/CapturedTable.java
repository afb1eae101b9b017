/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.types.ColumnMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** A table as its rows are written at one time: their columns in order, and the schemas of the events made of them. */
public final class CapturedTable {

    private final TableName name;
    private final Schemas schemas;
    private final List<String> columnNames;
    private final Cell[] cells;
    private final int[] keyCells;
    private final int[] valueCells;

    /**
     * @param cells a cell for each column that rows have; one that is null is read over
     * @param keyCells those of the key's fields, in their order
     * @param valueCells those of the value's fields, in their order
     */
    CapturedTable(
            TableName name,
            Schemas schemas,
            List<String> columnNames,
            @Nullable Cell[] cells,
            int[] keyCells,
            int[] valueCells) {
        this.columnNames = List.copyOf(columnNames);
        this.name = name;
        this.schemas = schemas;
        this.cells = cells;
        this.keyCells = keyCells;
        this.valueCells = valueCells;
    }

    /**
     * Schemas of the table's events.
     *
     * @param key null for a table without a key
     */
    public record Schemas(String topic, @Nullable Schema key, Schema value, Schema envelope) {}

    /**
     * How one column is read.
     *
     * @param absent what stands for null where the column is required, as in the rest of a deleted row; null where it is optional
     * @param masked the change of its values before they go into the value (not the key), or null
     */
    record Cell(
            String column,
            ColumnMapping mapping,
            @Nullable Object absent,
            @Nullable UnaryOperator<@Nullable Object> masked) {}

    public TableName name() {
        return name;
    }

    public Schemas schemas() {
        return schemas;
    }

    /** Names of the columns that rows have, in their order. */
    public List<String> columnNames() {
        return columnNames;
    }

    /** Number of columns that rows have. */
    public int columns() {
        return cells.length;
    }

    /**
     * The row's values, one for each column, null for null and for a column that is read over.
     *
     * @param before values of the same row before, from which a value is taken that did not change and was not sent; or null
     * @throws DataException naming the column whose text cannot be read
     */
    public @Nullable Object[] values(Tuple row, @Nullable Object @Nullable [] before) {
        if (row.size() != cells.length) {
            throw new DataException(
                    "a row of table " + name + " has " + row.size() + " columns, the table " + cells.length);
        }
        @Nullable Object[] values = new Object[cells.length];
        byte[] bytes = row.bytes();
        for (int i = 0; i < values.length; i++) {
            Cell cell = cells[i];
            if (cell == null) {
                continue;
            }
            int length = row.length(i);
            if (length == Tuple.UNCHANGED) {
                Object known = before == null ? null : before[i];
                values[i] = known == null ? cell.mapping().unavailable() : known;
            } else if (length != Tuple.NULL) {
                values[i] = read(cell, bytes, row.offset(i), length);
            }
        }
        return values;
    }

    private Object read(Cell cell, byte[] bytes, int offset, int length) {
        try {
            return cell.mapping().read(bytes, offset, length);
        } catch (DataException e) {
            throw new DataException(
                    "column " + cell.column() + " of table " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Columns whose values show that their types have changed since this was made. */
    List<Integer> outdatedBy(@Nullable Object[] values) {
        List<Integer> outdated = null;
        for (int i = 0; i < cells.length; i++) {
            Cell cell = cells[i];
            Object value = values[i];
            if (cell != null && value != null && cell.mapping().outdatedBy(value)) {
                outdated = outdated == null ? new ArrayList<>() : outdated;
                outdated.add(i);
            }
        }
        return outdated == null ? List.of() : outdated;
    }

    /** The key of a row, or null for a table without one. */
    public @Nullable Struct key(@Nullable Object[] values) {
        Schema schema = schemas.key();
        if (schema == null) {
            return null;
        }
        Struct key = new Struct(schema);
        for (int i = 0; i < keyCells.length; i++) {
            int column = keyCells[i];
            Object value = values[column];
            key.put(schema.fields().get(i), value == null ? cells[column].absent() : value);
        }
        return key;
    }

    /** The row as it stands in before and after. */
    public Struct value(@Nullable Object[] values) {
        Schema schema = schemas.value();
        Struct row = new CheckedStruct(schema);
        for (int i = 0; i < valueCells.length; i++) {
            int column = valueCells[i];
            Cell cell = cells[column];
            Object value = values[column] == null ? cell.absent() : values[column];
            UnaryOperator<@Nullable Object> masked = cell.masked();
            row.put(schema.fields().get(i), masked == null ? value : masked.apply(value));
        }
        return row;
    }
}
