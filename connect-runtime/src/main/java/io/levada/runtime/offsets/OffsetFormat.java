/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.topics.StateJson;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** What partitions and offsets may be made of: text keys, and values that JSON without schemas can hold. */
final class OffsetFormat {
    private OffsetFormat() {}

    static void check(String what, ConnectorName connector, @Nullable Map<?, ?> map) {
        if (map == null) {
            return;
        }
        map.forEach((key, value) -> {
            if (!(key instanceof String)) {
                throw new DataException("Connector " + connector + " uses " + kind(key) + " as a key of a source "
                        + what + "; keys must be text");
            }
            if (!isPrimitive(value)) {
                throw new DataException("Connector " + connector + " keeps " + kind(value) + " under '" + key
                        + "' of a source " + what + "; only numbers, text, booleans and bytes can be stored");
            }
        });
    }

    private static boolean isPrimitive(@Nullable Object value) {
        return value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof byte[]
                || value instanceof ByteBuffer;
    }

    private static String kind(@Nullable Object value) {
        return value == null ? "null" : "a " + value.getClass().getName();
    }

    /** The map as it will be read back, so that what a connector asks for can be compared with what is stored. */
    static @Nullable Map<String, @Nullable Object> normal(@Nullable Map<String, ?> map) {
        return map == null ? null : StateJson.readObject(StateJson.write(map));
    }
}
