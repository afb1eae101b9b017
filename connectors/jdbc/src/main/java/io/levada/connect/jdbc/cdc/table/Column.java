/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import org.jspecify.annotations.Nullable;

/**
 * A column as the catalogue has it.
 *
 * @param typmod {@code pg_attribute.atttypmod}; -1 for none
 * @param required declared NOT NULL
 * @param defaultExpression as {@code pg_get_expr} writes it, or null without a default
 * @param typeName as the driver's metadata names it, such as {@code int4}, {@code varchar} or {@code serial}
 */
record Column(
        String name,
        int typeOid,
        int typmod,
        boolean required,
        @Nullable String defaultExpression,
        String typeName) {}
