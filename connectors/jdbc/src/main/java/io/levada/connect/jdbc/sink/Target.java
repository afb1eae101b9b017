/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.RowTarget;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Where changes of a shape go in the table as it is: made once for both, then used for each change.
 *
 * @param shape of the changes
 * @param rows the columns that are written, which leaves out those that only the server may fill
 * @param places which of a change's values goes to which of these columns, keys first
 * @param conversions how a value becomes one of its column
 * @param filled places of values that are left to the server where they are null, as columns do that must not be null and have a
 *     default
 */
record Target(
        Shape shape,
        RowTarget rows,
        List<Integer> places,
        List<ColumnValues.Conversion> conversions,
        List<Integer> filled) {

    Target {
        places = List.copyOf(places);
        conversions = List.copyOf(conversions);
        filled = List.copyOf(filled);
    }

    /** True if the server fills a column of this change, which so needs a shape without it. */
    boolean isFilled(Change change) {
        for (int place : filled) {
            if (change.value(place) == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * The values of the columns, keys first.
     *
     * @throws DataException if one does not fit its column
     */
    @Nullable
    Object[] values(Change change) {
        @Nullable Object[] values = new Object[conversions.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = change.value(places.get(i));
            values[i] = value == null ? null : conversions.get(i).of(value);
        }
        return values;
    }

    /** True if the statement finds its row by the key, which no null does. */
    boolean needsKey(InsertMode mode) {
        return shape.kind() == Shape.Kind.DELETE
                || shape.kind() == Shape.Kind.PATCH
                || (shape.kind() == Shape.Kind.WRITE && mode != InsertMode.INSERT);
    }
}
