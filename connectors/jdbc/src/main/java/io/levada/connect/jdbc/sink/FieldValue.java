/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One field of a record on its way to a column.
 *
 * @param schema or null if the record came without one
 */
record FieldValue(
        String name, @Nullable Schema schema, @Nullable Object value) {}
