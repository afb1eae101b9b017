/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

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
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** A reader for each type of PostgreSQL that has a faithful form in Connect (PostgreSQL manual, chapter 8). */
final class PostgresReaders {

    /** Types whose text form, as the server writes it, is their value. */
    private static final Set<String> TEXT = Set.of(
            "text",
            "varchar",
            "bpchar",
            "char",
            "name",
            "citext",
            "uuid",
            "json",
            "jsonb",
            "jsonpath",
            "xml",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "interval",
            "timetz",
            "money",
            "bit",
            "varbit",
            "int4range",
            "int8range",
            "numrange",
            "daterange",
            "tsrange",
            "tstzrange",
            "int4multirange",
            "int8multirange",
            "nummultirange",
            "datemultirange",
            "tsmultirange",
            "tstzmultirange",
            "hstore",
            "ltree",
            "tsvector",
            "tsquery",
            "pg_lsn",
            "point",
            "line",
            "lseg",
            "box",
            "path",
            "polygon",
            "circle");

    private final ReadOptions options;

    PostgresReaders(ReadOptions options) {
        this.options = options;
    }

    /** The reader, or nothing for a type that is not known to survive. */
    Optional<ColumnReader> of(Column column) {
        return Optional.ofNullable(known(column));
    }

    private @Nullable ColumnReader known(Column column) {
        return switch (column.typeName()) {
            case "bool" -> ColumnReader.of(SchemaBuilder.bool(), column, ResultSet::getBoolean);
            case "int2", "smallserial" -> ColumnReader.of(SchemaBuilder.int16(), column, ResultSet::getShort);
            case "int4", "serial" -> ColumnReader.of(SchemaBuilder.int32(), column, ResultSet::getInt);
            case "int8", "bigserial", "oid" -> ColumnReader.of(SchemaBuilder.int64(), column, ResultSet::getLong);
            case "float4" -> ColumnReader.of(SchemaBuilder.float32(), column, ResultSet::getFloat);
            case "float8" -> ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble);
            case "numeric" -> options.numericMapping().reader(column);
            case "bytea" -> ColumnReader.of(SchemaBuilder.bytes(), column, ResultSet::getBytes);
            case "date" -> ColumnReader.of(org.apache.kafka.connect.data.Date.builder(), column, TemporalCells::date);
            case "time" -> ColumnReader.of(org.apache.kafka.connect.data.Time.builder(), column, TemporalCells::time);
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

    private @Nullable ColumnReader textOrArray(Column column) {
        String type = column.typeName();
        // The driver calls enums (and domains over text) VARCHAR under a name of their own.
        if (TEXT.contains(type) || column.jdbcType() == Types.VARCHAR) {
            return ColumnReader.of(SchemaBuilder.string(), column, ResultSet::getString);
        }
        if (column.jdbcType() == Types.ARRAY && type.startsWith("_")) {
            ColumnReader element = known(column.element(type.substring(1)));
            return element == null ? null : array(column, element);
        }
        return null;
    }

    private static ColumnReader array(Column column, ColumnReader element) {
        return ColumnReader.of(SchemaBuilder.array(element.schema()), column, (rows, index) -> {
            Array array = rows.getArray(index);
            return array == null ? null : elements(array, element, column.name());
        });
    }

    private static List<@Nullable Object> elements(Array array, ColumnReader element, String column)
            throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        try (ResultSet rows = array.getResultSet()) {
            while (rows.next()) {
                if (rows.getMetaData().getColumnType(2) == Types.ARRAY) {
                    throw new DataException(
                            "column " + column + " holds an array of several dimensions, which has no form in"
                                    + " Connect; exclude it with column.exclude.list or select unnest/to_jsonb of it with query");
                }
                values.add(element.read(rows, 2));
            }
        } finally {
            array.free();
        }
        return values;
    }
}
