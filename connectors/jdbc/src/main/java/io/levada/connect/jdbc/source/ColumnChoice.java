/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.util.List;

/**
 * Which columns of one table, or of the query, are read.
 *
 * @param included empty for all
 */
record ColumnChoice(List<String> included, List<String> excluded, List<String> masked) {

    /** True if every column is read. */
    boolean all() {
        return included.isEmpty() && excluded.isEmpty();
    }

    /** True if the column is read. */
    boolean reads(String column) {
        return (included.isEmpty() || included.contains(column)) && !excluded.contains(column);
    }

    /** True if nobody is to see the column's values. */
    boolean masks(String column) {
        return masked.contains(column);
    }
}
