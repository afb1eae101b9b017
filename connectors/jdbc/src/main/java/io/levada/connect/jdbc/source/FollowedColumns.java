/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * The columns that tell new rows: at most one number, and timestamps of which the first that is not null counts.
 *
 * @param incrementing null in modes without
 * @param timestamps empty in modes without
 */
public record FollowedColumns(@Nullable Column incrementing, List<Column> timestamps) {

    /**
     * Finds the columns that the mode names, and checks that they can be followed.
     *
     * @throws ConnectException that names the column and what is wrong with it
     */
    public static FollowedColumns of(Relation relation, List<Column> columns, ModeOptions options, Dialect dialect) {
        Column incrementing = options.mode().usesIncrementing() ? incrementing(relation, columns, options) : null;
        List<Column> timestamps = new ArrayList<>();
        for (String name : options.timestampColumns()) {
            Column column = named(relation, columns, name, "timestamp.column.name");
            if (!dialect.isTimestamp(column)) {
                throw new ConnectException("timestamp.column.name names " + name + " of " + relation
                        + ", which is of type " + column.typeName() + " and no timestamp");
            }
            timestamps.add(column);
        }
        if (timestamps.stream().map(Column::typeName).distinct().count() > 1) {
            throw new ConnectException("the timestamp columns of " + relation + " are of different types "
                    + timestamps.stream().map(Column::typeName).toList()
                    + "; moments with and without a time zone cannot be compared, name columns of one type");
        }
        if (relation.table() != null && options.validateNonNull()) {
            refuseNullable(relation, incrementing, timestamps);
        }
        return new FollowedColumns(incrementing, List.copyOf(timestamps));
    }

    private static Column incrementing(Relation relation, List<Column> columns, ModeOptions options) {
        if (!options.incrementingColumn().isEmpty()) {
            return named(relation, columns, options.incrementingColumn(), "incrementing.column.name");
        }
        return columns.stream()
                .filter(Column::autoIncrement)
                .findFirst()
                .orElseThrow(() -> new ConnectException(
                        relation + " has no auto-increment column; name the column in incrementing.column.name"));
    }

    private static Column named(Relation relation, List<Column> columns, String name, String key) {
        if (relation.excluded().contains(name)) {
            throw new ConnectException(key + " names " + name + ", which column.exclude.list leaves out");
        }
        String stored = relation.identifiers().stored(name);
        return columns.stream()
                .filter(column -> column.name().equals(stored))
                .findFirst()
                .orElseThrow(() -> new ConnectException(key + " names " + name + ", which " + relation
                        + " does not have; its columns are "
                        + columns.stream().map(Column::name).toList()));
    }

    private static void refuseNullable(Relation relation, @Nullable Column incrementing, List<Column> timestamps) {
        String way =
                "; declare it NOT NULL, or set validate.non.null=false and accept that rows with null are never read";
        if (incrementing != null && incrementing.optional()) {
            throw new ConnectException("column " + incrementing.name() + " of " + relation + " may be null" + way);
        }
        if (!timestamps.isEmpty() && timestamps.stream().allMatch(Column::optional)) {
            throw new ConnectException("every timestamp column of " + relation + " may be null ("
                    + timestamps.stream().map(Column::name).toList() + ")" + way);
        }
    }

    /** The number of the current row. */
    @Nullable
    Long readIncrementing(ResultSet rows) throws SQLException {
        if (incrementing == null) {
            return null;
        }
        BigDecimal number = rows.getBigDecimal(incrementing.name());
        try {
            return number == null ? null : number.longValueExact();
        } catch (ArithmeticException e) {
            throw new DataException(
                    "the incrementing column " + incrementing.name() + " holds " + number
                            + ", which is no 64-bit integer",
                    e);
        }
    }

    /** The moment of the current row. */
    @Nullable
    Instant readTimestamp(ResultSet rows, Dialect dialect, ZoneId zone) throws SQLException {
        for (Column column : timestamps) {
            Instant instant = dialect.instant(rows, rows.findColumn(column.name()), column, zone);
            if (instant != null) {
                return instant;
            }
        }
        return null;
    }
}
