/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A field of records on its way to a column.
 *
 * @param schema or null if records come without one
 */
record FieldShape(String name, @Nullable Schema schema) {}
