/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TableId;
import org.jspecify.annotations.Nullable;

/**
 * A table that is to be read.
 *
 * @param ranges null if it is read whole
 */
public record PlannedTable(TableId table, @Nullable Ranges ranges) {

    static PlannedTable whole(TableId table) {
        return new PlannedTable(table, null);
    }

    @Override
    public String toString() {
        return ranges == null ? table.toString() : table + " in " + ranges.count() + " ranges";
    }

    /** Into how many tasks it can be divided. */
    int tasksMax() {
        return ranges == null ? 1 : ranges.count();
    }
}
