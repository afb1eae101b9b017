/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.ResultSet;
import java.sql.Types;
import java.util.Optional;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Readers for the types of the JDBC specification, by their number in {@link Types}; dialects add their own and name exceptions. */
public final class StandardReaders {

    private final ReadOptions options;
    private final TemporalCells temporals;

    public StandardReaders(ReadOptions options) {
        this.options = options;
        this.temporals = new TemporalCells(options.zone(), options.timestampGranularity());
    }

    /** The reader, or nothing for a type that is not known to survive. */
    public Optional<ColumnReader> of(Column column) {
        return Optional.ofNullable(known(column));
    }

    private @Nullable ColumnReader known(Column column) {
        return switch (column.jdbcType()) {
            case Types.BIT, Types.BOOLEAN -> ColumnReader.of(SchemaBuilder.bool(), column, ResultSet::getBoolean);
            case Types.TINYINT -> ColumnReader.of(SchemaBuilder.int8(), column, ResultSet::getByte);
            case Types.SMALLINT -> ColumnReader.of(SchemaBuilder.int16(), column, ResultSet::getShort);
            case Types.INTEGER -> ColumnReader.of(SchemaBuilder.int32(), column, ResultSet::getInt);
            case Types.BIGINT -> ColumnReader.of(SchemaBuilder.int64(), column, ResultSet::getLong);
            case Types.REAL -> ColumnReader.of(SchemaBuilder.float32(), column, ResultSet::getFloat);
            case Types.FLOAT, Types.DOUBLE -> ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble);
            case Types.NUMERIC, Types.DECIMAL -> options.numericMapping().reader(column);
            case Types.CHAR,
                    Types.VARCHAR,
                    Types.LONGVARCHAR,
                    Types.NCHAR,
                    Types.NVARCHAR,
                    Types.LONGNVARCHAR,
                    Types.CLOB,
                    Types.NCLOB,
                    Types.TIME_WITH_TIMEZONE -> text(column);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                ColumnReader.of(SchemaBuilder.bytes(), column, ResultSet::getBytes);
            case Types.DATE -> ColumnReader.of(Date.builder(), column, TemporalCells::date);
            case Types.TIME -> options.timeMapping().reader(column, TemporalCells::localTime);
            case Types.TIMESTAMP -> moment(column, temporals::timestamp);
            case Types.TIMESTAMP_WITH_TIMEZONE -> moment(column, temporals::timestampWithZone);
            default -> null;
        };
    }

    /** The driver's text of the value. */
    public static ColumnReader text(Column column) {
        return ColumnReader.of(SchemaBuilder.string(), column, ResultSet::getString);
    }

    /** A moment in the form that the options ask for. */
    public ColumnReader moment(Column column, ColumnReader.Cell cell) {
        return ColumnReader.of(options.timestampGranularity().schema(), column, cell);
    }

    /** What a column of one of the standard's types says about time. */
    public static TemporalKind temporal(Column column) {
        return switch (column.jdbcType()) {
            case Types.DATE -> TemporalKind.DATE;
            case Types.TIME -> TemporalKind.TIME;
            case Types.TIMESTAMP -> TemporalKind.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> TemporalKind.TIMESTAMP_WITH_ZONE;
            default -> TemporalKind.NONE;
        };
    }
}
