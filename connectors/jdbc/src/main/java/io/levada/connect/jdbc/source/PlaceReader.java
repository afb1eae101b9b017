/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Reads where a row stands in what its mode follows: made once for a result. */
final class PlaceReader {

    /** Reads the number, or the moment, of the current row. */
    private interface Part<T> {
        @Nullable
        T read(ResultSet rows) throws SQLException;
    }

    private final @Nullable Part<Long> number;
    private final @Nullable Part<Instant> moment;

    private PlaceReader(@Nullable Part<Long> number, @Nullable Part<Instant> moment) {
        this.number = number;
        this.moment = moment;
    }

    /** @param result the columns that the result has */
    static PlaceReader of(FollowedColumns followed, List<Column> result, Dialect dialect, ZoneId zone) {
        Column incrementing = followed.incrementing();
        return new PlaceReader(
                incrementing == null ? null : number(incrementing, index(result, incrementing)),
                followed.timestamps().isEmpty() ? null : moment(followed.timestamps(), result, dialect, zone));
    }

    private static int index(List<Column> result, Column column) {
        return result.stream().map(Column::name).toList().indexOf(column.name()) + 1;
    }

    private static Part<Long> number(Column column, int index) {
        if (column.jdbcType() != Types.NUMERIC && column.jdbcType() != Types.DECIMAL) {
            return rows -> {
                long number = rows.getLong(index);
                return rows.wasNull() ? null : number;
            };
        }
        return rows -> {
            BigDecimal number = rows.getBigDecimal(index);
            return number == null ? null : exact(number, column);
        };
    }

    /**
     * The number as offsets have it.
     *
     * @throws DataException if it has none such form
     */
    static long exact(BigDecimal number, @Nullable Column column) {
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            throw new DataException(
                    "the incrementing column " + (column == null ? "" : column.name() + " ") + "holds " + number
                            + ", which is no 64-bit integer",
                    e);
        }
    }

    private static Part<Instant> moment(List<Column> columns, List<Column> result, Dialect dialect, ZoneId zone) {
        // All are of one type.
        Column first = columns.get(0);
        int[] indexes =
                columns.stream().mapToInt(column -> index(result, column)).toArray();
        return rows -> {
            for (int i = 0; i < indexes.length; i++) {
                try {
                    Instant instant = dialect.instant(rows, indexes[i], first, zone);
                    if (instant != null) {
                        return instant;
                    }
                } catch (DataException e) {
                    throw new DataException(
                            "the timestamp column " + columns.get(i).name() + ": " + e.getMessage(), e);
                }
            }
            return null;
        };
    }

    /** The current row's. */
    JdbcOffset read(ResultSet rows) throws SQLException {
        if (number == null && moment == null) {
            return JdbcOffset.NONE;
        }
        return new JdbcOffset(number == null ? null : number.read(rows), moment == null ? null : moment.read(rows));
    }
}
