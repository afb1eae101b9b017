/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader begins, and what it knows of what earlier tasks handed out.
 *
 * @param offset where an earlier task left off
 * @param window how far back late rows are looked for; zero for not at all
 * @param late what is known of them, as the offset has it; null for nothing
 * @param lateRows what all tables of the task remember of them
 * @param told the keys that were told; null if deleted rows are not looked for
 */
record Beginning(
        JdbcOffset offset,
        Duration window,
        @Nullable String late,
        LateRows.Memory lateRows,
        @Nullable ToldKeys told) {}
