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

    static ChosenRows of(@Nullable String filter) {
        return new ChosenRows(filter, null, Set.of());
    }
}
