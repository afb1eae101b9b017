/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table are read.
 *
 * @param filter the condition that they fulfil, or null for all
 * @param statement what reads them instead of the table, or null
 * @param given the columns that the statement gives; the others are null
 */
record ChosenRows(@Nullable String filter, @Nullable String statement, Set<String> given) {

    /** Those that fulfil both conditions, each of which may be null. */
    static ChosenRows of(@Nullable String filter, @Nullable String further) {
        String both = filter == null || further == null
                ? filter == null ? further : filter
                : "(" + filter + "\n) AND (" + further + "\n)";
        return new ChosenRows(both, null, Set.of());
    }
}
