/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.NullableValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a connector stands in one partition of its source, or of a topic (KIP-875).
 *
 * @param partition the connector's own words, or {@code kafka_topic} and {@code kafka_partition} for a sink; null only in
 *     a malformed request
 * @param offset likewise, {@code kafka_offset} for a sink; null in a request means "forget it"
 */
public record ConnectorOffset(
        @Nullable Map<String, @Nullable Object> partition,
        @Nullable Map<String, @Nullable Object> offset) {
    public ConnectorOffset {
        partition = partition == null ? null : NullableValues.copyOf(partition);
        offset = offset == null ? null : NullableValues.copyOf(offset);
    }
}
