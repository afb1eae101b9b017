/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns that tell new rows: at most one number, and timestamps of which the first that is not null counts.
 *
 * @param incrementing null in modes without
 * @param timestamps empty in modes without
 */
public record FollowedColumns(@Nullable Column incrementing, List<Column> timestamps) {

    /** What mode bulk follows. */
    static final FollowedColumns NONE = new FollowedColumns(null, List.of());

    /**
     * Finds the columns that the mode names, and checks that they can be followed.
     *
     * @throws OptionFault that names the column and what is wrong with it
     */
    public static FollowedColumns of(Relation relation, List<Column> columns, ModeOptions options, Dialect dialect) {
        Column incrementing = options.mode().usesIncrementing() ? incrementing(relation, columns, options) : null;
        List<Column> timestamps =
                options.mode().usesTimestamp() ? timestamps(relation, columns, options, dialect) : List.of();
        if (timestamps.stream().map(Column::typeName).distinct().count() > 1) {
            throw new OptionFault(
                    options.timestampKey(),
                    "the timestamp columns of " + relation + " are of different types "
                            + timestamps.stream().map(Column::typeName).toList()
                            + "; moments with and without a time zone cannot be compared, name columns of one type");
        }
        if (relation.table() != null && options.validateNonNull()) {
            refuseNullable(relation, incrementing, timestamps, options);
        }
        return new FollowedColumns(incrementing, List.copyOf(timestamps));
    }

    private static List<Column> timestamps(
            Relation relation, List<Column> columns, ModeOptions options, Dialect dialect) {
        List<String> names = options.timestampColumns(relation.table());
        if (names.isEmpty()) {
            throw new OptionFault(options.timestampKey(), options.timestampKey() + " has no entry for " + relation);
        }
        List<Column> timestamps = new ArrayList<>();
        for (String name : names) {
            Column column = named(relation, columns, name, options.timestampKey());
            if (!dialect.isTimestamp(column)) {
                throw new OptionFault(
                        options.timestampKey(),
                        options.timestampKey() + " names " + name + " of " + relation + ", which is of type "
                                + column.typeName() + " and no timestamp");
            }
            timestamps.add(column);
        }
        return timestamps;
    }

    private static Column incrementing(Relation relation, List<Column> columns, ModeOptions options) {
        String name = options.incrementingColumn(relation.table());
        if (!name.isEmpty()) {
            Column column = named(relation, columns, name, options.incrementingKey());
            if (!isWhole(column)) {
                throw new OptionFault(
                        options.incrementingKey(),
                        options.incrementingKey() + " names " + name + " of " + relation + ", which is of type "
                                + column.typeName() + " and no whole number");
            }
            return column;
        }
        return columns.stream()
                .filter(column -> column.autoIncrement()
                        && relation.columns().reads(column.name())
                        && !relation.columns().masks(column.name()))
                .findFirst()
                .orElseThrow(() -> new OptionFault(
                        options.incrementingKey(),
                        relation + " has no auto-increment column; name the column in incrementing.column.name"));
    }

    /** A number with a fraction would lose it in the offset. */
    static boolean isWhole(Column column) {
        return switch (column.jdbcType()) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> true;
            case Types.NUMERIC, Types.DECIMAL -> column.scale() <= 0;
            default -> false;
        };
    }

    private static Column named(Relation relation, List<Column> columns, String name, String key) {
        String stored = relation.identifiers().stored(name);
        if (!relation.columns().reads(stored)) {
            throw new OptionFault(key, key + " names " + name + ", which the lists of columns leave out");
        }
        if (relation.columns().masks(stored)) {
            throw new OptionFault(key, key + " names " + name + ", which column.mask.list hides");
        }
        return columns.stream()
                .filter(column -> column.name().equals(stored))
                .findFirst()
                .orElseThrow(() -> new OptionFault(
                        key,
                        key + " names " + name + ", which " + relation
                                + " does not have; its columns are "
                                + columns.stream().map(Column::name).toList()));
    }

    private static void refuseNullable(
            Relation relation, @Nullable Column incrementing, List<Column> timestamps, ModeOptions options) {
        String way =
                "; declare it NOT NULL, or set validate.non.null=false and accept that rows with null are never read";
        if (incrementing != null && incrementing.optional()) {
            throw new OptionFault(
                    options.incrementingKey(),
                    "column " + incrementing.name() + " of " + relation + " may be null" + way);
        }
        if (!timestamps.isEmpty() && timestamps.stream().allMatch(Column::optional)) {
            throw new OptionFault(
                    options.timestampKey(),
                    "every timestamp column of " + relation + " may be null ("
                            + timestamps.stream().map(Column::name).toList() + ")" + way);
        }
    }
}
