/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.mysql;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.StandardReaders;
import io.levada.connect.jdbc.dialect.TemporalCells;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Readers for MySQL's and MariaDB's types, under the names that either driver gives them. */
final class MySqlReaders {

    /** Types whose text is their value, whatever the driver takes them for. */
    private static final Set<String> TEXT = Set.of("JSON", "ENUM", "SET", "UUID", "INET4", "INET6");

    /** The type of geometric values, which are bytes: the number of the reference system and the well-known binary form. */
    private static final String GEOMETRY = "GEOMETRY";

    private static final int UNSIGNED_BIGINT_DIGITS = 20;

    private final ReadOptions options;
    private final StandardReaders standard;

    MySqlReaders(ReadOptions options) {
        this.options = options;
        this.standard = new StandardReaders(options);
    }

    Optional<ColumnReader> of(Column column) {
        String type = column.typeName().toUpperCase(Locale.ROOT);
        if (type.contains("UNSIGNED")) {
            return unsigned(column, type);
        }
        if (TEXT.contains(type)) {
            return Optional.of(StandardReaders.text(column));
        }
        // Drivers take a BIT for a boolean, whatever its length.
        if (type.equals(GEOMETRY) || (type.equals("BIT") && column.precision() > 1)) {
            return Optional.of(ColumnReader.of(SchemaBuilder.bytes(), column, ResultSet::getBytes));
        }
        return switch (column.jdbcType()) {
            case Types.DATE ->
                Optional.of(ColumnReader.of(org.apache.kafka.connect.data.Date.builder(), column, MySqlReaders::date));
            case Types.TIME -> Optional.of(options.timeMapping().reader(column, MySqlReaders::time));
            case Types.TIMESTAMP -> Optional.of(standard.moment(column, moment(type)));
            default -> standard.of(column);
        };
    }

    /** The next wider type. */
    private Optional<ColumnReader> unsigned(Column column, String type) {
        if (type.startsWith("TINYINT")) {
            return Optional.of(ColumnReader.of(SchemaBuilder.int16(), column, ResultSet::getShort));
        }
        if (type.startsWith("SMALLINT") || type.startsWith("MEDIUMINT")) {
            return Optional.of(ColumnReader.of(SchemaBuilder.int32(), column, ResultSet::getInt));
        }
        if (type.startsWith("INT")) {
            return Optional.of(ColumnReader.of(SchemaBuilder.int64(), column, ResultSet::getLong));
        }
        if (type.startsWith("BIGINT")) {
            return Optional.of(options.numericMapping()
                    .reader(new Column(
                            column.name(),
                            type,
                            Types.NUMERIC,
                            UNSIGNED_BIGINT_DIGITS,
                            0,
                            column.optional(),
                            column.autoIncrement())));
        }
        return standard.of(column);
    }

    private ColumnReader.Cell moment(String type) {
        ZoneId zone = type.equals("TIMESTAMP") ? ZoneOffset.UTC : options.zone();
        return (rows, index) -> {
            LocalDateTime local = local(rows, index);
            return local == null ? null : options.timestampGranularity().encode(TemporalCells.moment(local, zone));
        };
    }

    /** Drivers give null for 0000-00-00, which is another value. */
    static @Nullable LocalDateTime local(ResultSet rows, int index) throws SQLException {
        LocalDateTime local = rows.getObject(index, LocalDateTime.class);
        if (local == null) {
            refuseZero(rows, index);
        }
        return local;
    }

    private static @Nullable Object date(ResultSet rows, int index) throws SQLException {
        LocalDate date = rows.getObject(index, LocalDate.class);
        if (date == null) {
            refuseZero(rows, index);
            return null;
        }
        return TemporalCells.date(date);
    }

    private static void refuseZero(ResultSet rows, int index) throws SQLException {
        String text = rows.getString(index);
        if (text != null) {
            throw new DataException("'" + text + "' is no date of the calendar; correct the row, or select NULLIF of it"
                    + " with query");
        }
    }

    /** A TIME is a length of time, up to 838 hours either way; Connect's Time has room for those of a day. */
    private static @Nullable LocalTime time(ResultSet rows, int index) throws SQLException {
        String text = rows.getString(index);
        if (text == null) {
            return null;
        }
        try {
            return LocalTime.parse(text);
        } catch (java.time.format.DateTimeParseException e) {
            throw new DataException(
                    "'" + text
                            + "' is no time of a day, which is all that Connect's Time holds; set time.mapping=text, or"
                            + " select it as seconds with query",
                    e);
        }
    }
}
