/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** A row that was read. */
record Row(@Nullable Struct key, Struct value) {}
