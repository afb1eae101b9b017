/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import io.levada.connect.api.StructValues;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.types.ColumnMapping;
import io.levada.connect.jdbc.cdc.types.UnreadableValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table as its rows are written at one time: their columns in order, and the schemas of the events made of them. */
public final class CapturedTable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CapturedTable.class);

    private final TableName name;
    private final long oid;
    private final Schemas schemas;
    private final List<String> columnNames;
    private final Cell[] cells;
    private final int[] keyCells;
    private final int[] valueCells;

    /** Values that could not be read, by any of the threads that read. */
    private final AtomicLong unreadable = new AtomicLong();

    /**
     * @param oid of the table, unsigned; 0 if there is none
     * @param cells a cell for each column that rows have; one that is null is read over
     * @param keyCells those of the key's fields, in their order
     * @param valueCells those of the value's fields, in their order
     */
    CapturedTable(
            TableName name,
            long oid,
            Schemas schemas,
            List<String> columnNames,
            @Nullable Cell[] cells,
            int[] keyCells,
            int[] valueCells) {
        this.columnNames = List.copyOf(columnNames);
        this.name = name;
        this.oid = oid;
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
     * @param unreadable what is done about a value that cannot be read
     */
    record Cell(
            String column,
            ColumnMapping mapping,
            @Nullable Object absent,
            @Nullable UnaryOperator<@Nullable Object> masked,
            UnreadableValues unreadable) {}

    public TableName name() {
        return name;
    }

    /** {@code pg_class.oid}, unsigned: another table that takes the name has another; 0 if there is no such table. */
    public long oid() {
        return oid;
    }

    public Schemas schemas() {
        return schemas;
    }

    /** Names of the columns that rows have, in their order. */
    public List<String> columnNames() {
        return columnNames;
    }

    /** Whether anything is made of a column's values; all others may be left out. */
    public boolean reads(String column) {
        return cells[columnNames.indexOf(column)] != null;
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

    private @Nullable Object read(Cell cell, byte[] bytes, int offset, int length) {
        try {
            return cell.mapping().read(bytes, offset, length);
        } catch (DataException e) {
            if (cell.unreadable() != UnreadableValues.FAIL) {
                passOver(cell, e);
                return null;
            }
            throw new DataException(
                    "column " + cell.column() + " of table " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void passOver(Cell cell, DataException e) {
        long count = unreadable.incrementAndGet();
        if (cell.unreadable() == UnreadableValues.WARN && Long.bitCount(count) == 1) {
            LOGGER.atWarn()
                    .addKeyValue("table", name)
                    .addKeyValue("column", cell.column())
                    .addKeyValue("count", count)
                    .addKeyValue("error", e.getMessage())
                    .log("a value cannot be read and is told as null");
        }
    }

    /** Required columns of the value that are null in a row of which all columns were sent. */
    List<String> nulls(Tuple row) {
        List<String> nulls = null;
        for (int column : valueCells) {
            if (row.length(column) == Tuple.NULL && cells[column].absent() != null) {
                nulls = nulls == null ? new ArrayList<>() : nulls;
                nulls.add(cells[column].column());
            }
        }
        return nulls == null ? List.of() : nulls;
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
            StructValues.put(key, schema.fields().get(i), value == null ? cells[column].absent() : value);
        }
        return key;
    }

    /** The row as it stands in before and after. */
    public Struct value(@Nullable Object[] values) {
        Struct row = new CheckedStruct(schemas.value());
        for (int i = 0; i < valueCells.length; i++) {
            int column = valueCells[i];
            put(row, i, cells[column], values[column]);
        }
        return row;
    }

    /** Names of the key's columns, in their order; empty for a table without a key. */
    public List<String> keyColumns() {
        return Arrays.stream(keyCells).mapToObj(columnNames::get).toList();
    }

    /** The texts of the key's columns, in their order; empty if one was not sent. */
    public List<String> keyTexts(Tuple row) {
        List<String> texts = new ArrayList<>();
        for (int column : keyCells) {
            if (row.length(column) < 0) {
                return List.of();
            }
            texts.add(new String(row.bytes(), row.offset(column), row.length(column), StandardCharsets.UTF_8));
        }
        return texts;
    }

    /** Columns of the value for which {@link #values} of the same gives a placeholder. */
    public List<Integer> unavailable(Tuple row, @Nullable Object @Nullable [] before) {
        List<Integer> columns = null;
        for (int column : valueCells) {
            if (row.length(column) == Tuple.UNCHANGED && (before == null || before[column] == null)) {
                columns = columns == null ? new ArrayList<>() : columns;
                columns.add(column);
            }
        }
        return columns == null ? List.of() : columns;
    }

    /** Puts another value of a column into a row that {@link #value} made. */
    public void put(Struct row, int column, @Nullable Object value) {
        for (int i = 0; i < valueCells.length; i++) {
            if (valueCells[i] == column) {
                put(row, i, cells[column], value);
            }
        }
    }

    private void put(Struct row, int field, Cell cell, @Nullable Object value) {
        Object told = value == null ? cell.absent() : value;
        UnaryOperator<@Nullable Object> masked = cell.masked();
        Field of = schemas.value().fields().get(field);
        if (masked == null) {
            StructValues.put(row, of, told);
        } else {
            row.put(of, masked.apply(told));
        }
    }
}
