/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import org.jspecify.annotations.Nullable;

/**
 * Some of a table's rows: those with {@code from <= column < to} in the server's own order.
 *
 * @param column as the server stores its name; never null in a row
 * @param from null in the first range
 * @param to null in the last range
 */
record KeyRange(
        String column, @Nullable String from, @Nullable String to) {}
