/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Instant;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * A row with what its mode follows.
 *
 * @param incrementing its number, null in modes without
 * @param timestamp its moment, null in modes without
 */
record Row(
        Struct value, @Nullable Long incrementing, @Nullable Instant timestamp) {}
