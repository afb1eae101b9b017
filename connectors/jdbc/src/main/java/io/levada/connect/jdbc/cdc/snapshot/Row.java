/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * A row that was read.
 *
 * @param block and
 * @param item where it is stored: its {@code ctid}
 */
record Row(@Nullable Struct key, Struct value, long block, int item, int bytes) {}
