/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.ArrayMapping;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.TemporalCells;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * A reader for each type of PostgreSQL (its manual, chapter 8). Types without a counterpart in Connect are read as the text that the
 * server writes for them, which is their value: the server reads it as the same (section 38.13).
 */
final class PostgresReaders {

    /** The bits in which PostgreSQL keeps a NUMERIC's scale, as a number with a sign. */
    private static final int SCALE_SIGN = 1024;

    private final ReadOptions options;

    PostgresReaders(ReadOptions options) {
        this.options = options;
    }

    ColumnReader of(Column column) {
        return switch (column.typeName()) {
            case "bool" -> ColumnReader.of(SchemaBuilder.bool(), column, ResultSet::getBoolean);
            case "int2", "smallserial" -> ColumnReader.of(SchemaBuilder.int16(), column, ResultSet::getShort);
            case "int4", "serial" -> ColumnReader.of(SchemaBuilder.int32(), column, ResultSet::getInt);
            case "int8", "bigserial", "oid" -> ColumnReader.of(SchemaBuilder.int64(), column, ResultSet::getLong);
            case "float4" -> ColumnReader.of(SchemaBuilder.float32(), column, ResultSet::getFloat);
            case "float8" -> ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble);
            case "numeric" -> options.numericMapping().reader(withScale(column));
            case "bytea" -> ColumnReader.of(SchemaBuilder.bytes(), column, ResultSet::getBytes);
            case "date" -> ColumnReader.of(org.apache.kafka.connect.data.Date.builder(), column, TemporalCells::date);
            case "time" -> options.timeMapping().reader(column, TemporalCells::localTime);
            case "timestamp" -> moment(column, temporalCells()::timestamp);
            case "timestamptz" -> moment(column, temporalCells()::timestampWithZone);
            default -> textOrArray(column);
        };
    }

    private TemporalCells temporalCells() {
        return new TemporalCells(options.zone(), options.timestampGranularity());
    }

    private ColumnReader moment(Column column, ColumnReader.Cell cell) {
        return ColumnReader.of(options.timestampGranularity().schema(), column, cell);
    }

    /** The driver gives a scale below zero as the large number that its bits make. */
    private static Column withScale(Column column) {
        return new Column(
                column.name(),
                column.typeName(),
                column.jdbcType(),
                column.precision(),
                (column.scale() ^ SCALE_SIGN) - SCALE_SIGN,
                column.optional(),
                column.autoIncrement());
    }

    private ColumnReader textOrArray(Column column) {
        return PostgresTypeNames.isArray(column) && options.arrayMapping() == ArrayMapping.LIST
                ? array(column, of(PostgresTypeNames.element(column)))
                : ColumnReader.of(SchemaBuilder.string(), column, ResultSet::getString);
    }

    private static ColumnReader array(Column column, ColumnReader element) {
        return ColumnReader.of(SchemaBuilder.array(element.schema()), column, (rows, index) -> {
            Array array = rows.getArray(index);
            return array == null ? null : elements(array, element, column.name());
        });
    }

    private static List<@Nullable Object> elements(Array array, ColumnReader element, String column)
            throws SQLException {
        if (String.valueOf(array).startsWith("[")) {
            throw new DataException(
                    "column " + column + " holds an array that does not begin at 1, which has no form in"
                            + " Connect; set array.mapping=text");
        }
        List<@Nullable Object> values = new ArrayList<>();
        try (ResultSet rows = array.getResultSet()) {
            while (rows.next()) {
                if (rows.getMetaData().getColumnType(2) == Types.ARRAY) {
                    throw new DataException(
                            "column " + column + " holds an array of several dimensions, which has no form in"
                                    + " Connect's ARRAY; set array.mapping=text");
                }
                values.add(element.read(rows, 2));
            }
        } finally {
            array.free();
        }
        return values;
    }
}
