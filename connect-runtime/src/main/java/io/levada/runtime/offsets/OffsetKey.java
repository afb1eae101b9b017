/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.topics.StateJson;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Key of an offset record, {@code ["connector",{"table":"orders"}]}. Two keys are equal if their partitions say the same,
 * in whatever order their fields were written.
 *
 * @param partition as JSON reads it back (whole numbers are long); null for a connector that has but one
 */
record OffsetKey(ConnectorName connector, @Nullable Map<String, @Nullable Object> partition) {
    OffsetKey {
        partition = partition == null ? null : NullableValues.copyOf(partition);
    }

    /** The key of a partition as a connector gives it. */
    static OffsetKey of(ConnectorName connector, @Nullable Map<String, ?> partition) {
        OffsetFormat.check("partition", connector, partition);
        return new OffsetKey(connector, OffsetFormat.normal(partition));
    }

    /**
     * Reads the key of a record.
     *
     * @throws DataException if it is not one
     */
    @SuppressWarnings("unchecked") // JSON objects have text for keys
    static OffsetKey parse(byte[] key) {
        if (StateJson.read(key) instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof String connector
                && (pair.get(1) == null || pair.get(1) instanceof Map<?, ?>)) {
            return new OffsetKey(new ConnectorName(connector), (Map<String, @Nullable Object>) pair.get(1));
        }
        throw new DataException("Not [connector, partition]");
    }

    byte[] bytes() {
        return StateJson.write(Arrays.asList(connector.value(), partition));
    }
}
