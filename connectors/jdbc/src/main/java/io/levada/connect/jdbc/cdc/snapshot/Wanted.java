/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.table.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows are to be read.
 *
 * @param filter an SQL condition that rows must meet, or null for all; checked before, as it goes into a statement as it is
 */
public record Wanted(TableName name, @Nullable String filter) {

    /** All rows of the table. */
    public static Wanted whole(TableName name) {
        return new Wanted(name, null);
    }

    /** Rows of the same table that either wants. */
    public Wanted or(Wanted other) {
        return filter == null || other.filter() == null
                ? whole(name)
                : new Wanted(name, "(" + filter + "\n) OR (" + other.filter() + "\n)");
    }
}
