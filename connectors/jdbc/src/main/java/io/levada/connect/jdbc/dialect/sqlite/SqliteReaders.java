/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.sqlite;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.TemporalCells;
import io.levada.connect.jdbc.dialect.TimeMapping;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Readers by the type that a column was declared with (SQLite's manual, datatype3.html). Since a column may hold values of other types
 * all the same, each value is looked at.
 */
final class SqliteReaders {

    private final ReadOptions options;

    SqliteReaders(ReadOptions options) {
        this.options = options;
    }

    Optional<ColumnReader> of(Column column) {
        String type = column.typeName().toUpperCase(Locale.ROOT);
        if (type.startsWith("BOOL")) {
            return reader(SchemaBuilder.bool(), column, SqliteReaders::bool);
        }
        if (type.contains("INT")) {
            return reader(SchemaBuilder.int64(), column, SqliteReaders::whole);
        }
        if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT") || isText(type)) {
            return reader(SchemaBuilder.string(), column, SqliteReaders::text);
        }
        if (type.contains("BLOB") || type.contains("BINARY")) {
            return reader(SchemaBuilder.bytes(), column, SqliteReaders::bytes);
        }
        if (type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")) {
            return reader(SchemaBuilder.float64(), column, SqliteReaders::floating);
        }
        return switch (type) {
            case "DATE" -> reader(Date.builder(), column, SqliteReaders::date);
            case "TIME" ->
                options.timeMapping() == TimeMapping.TEXT
                        ? reader(SchemaBuilder.string(), column, SqliteReaders::text)
                        : reader(Time.builder(), column, this::time);
            case "TIMESTAMP", "DATETIME" ->
                Optional.of(ColumnReader.of(options.timestampGranularity().schema(), column, this::moment));
            default ->
                type.startsWith("DEC") || type.startsWith("NUM")
                        ? Optional.of(options.numericMapping().reader(column))
                        : Optional.empty();
        };
    }

    private static boolean isText(String type) {
        return type.equals("JSON") || type.equals("UUID");
    }

    /** What a stored value is in Connect; null if it is none of the column's type. */
    private interface Value {
        @Nullable
        Object of(Object stored);
    }

    private static Optional<ColumnReader> reader(SchemaBuilder schema, Column column, Value value) {
        return Optional.of(ColumnReader.of(schema, column, (rows, index) -> {
            Object stored = rows.getObject(index);
            if (stored == null) {
                return null;
            }
            Object read = value.of(stored);
            if (read == null) {
                throw new DataException("a value of SQLite's type " + typeOf(stored) + " is in a column of type "
                        + column.typeName() + "; correct the row, or CAST the column with query");
            }
            return read;
        }));
    }

    private static String typeOf(Object stored) {
        return stored instanceof String
                ? "text"
                : stored instanceof byte[] ? "blob" : stored instanceof Double ? "real" : "integer";
    }

    private static @Nullable Object bool(Object stored) {
        return stored instanceof Integer number && (number == 0 || number == 1) ? number == 1 : null;
    }

    private static @Nullable Object whole(Object stored) {
        return stored instanceof Integer || stored instanceof Long ? ((Number) stored).longValue() : null;
    }

    private static @Nullable Object floating(Object stored) {
        // Numbers without a fraction come back as integers from columns that are not REAL by affinity.
        return stored instanceof Double || stored instanceof Integer ? ((Number) stored).doubleValue() : null;
    }

    private static @Nullable Object text(Object stored) {
        return stored instanceof String ? stored : null;
    }

    private static @Nullable Object bytes(Object stored) {
        return stored instanceof byte[] ? stored : null;
    }

    private static @Nullable Object date(Object stored) {
        try {
            return stored instanceof String text ? TemporalCells.date(LocalDate.parse(text)) : null;
        } catch (DateTimeParseException e) {
            throw new DataException("'" + stored + "' is no date in the form YYYY-MM-DD; convert it with query", e);
        }
    }

    private @Nullable Object time(Object stored) {
        try {
            return stored instanceof String text ? options.timeMapping().encode(LocalTime.parse(text)) : null;
        } catch (DateTimeParseException e) {
            throw new DataException("'" + stored + "' is no time in the form HH:MM:SS; convert it with query", e);
        }
    }

    private @Nullable Object moment(ResultSet rows, int index) throws java.sql.SQLException {
        LocalDateTime local = SqliteMoments.read(rows, index);
        return local == null
                ? null
                : options.timestampGranularity().encode(TemporalCells.moment(local, options.zone()));
    }
}
