/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The envelope that change capture puts around a row, ours and Debezium's.
 *
 * @param operation c, r, u, d, t or m
 * @param before the row as it was, as far as it is told
 * @param after the row as it is; null for d, t and m
 */
record ChangeEvent(
        String operation, @Nullable Object before, @Nullable Object after) {

    private static final Set<String> FIELDS = Set.of("op", "source");

    /** What the value tells, or null if it is no envelope. */
    static @Nullable ChangeEvent of(@Nullable Object value) {
        if (value instanceof Struct struct) {
            Schema schema = struct.schema();
            if (FIELDS.stream().allMatch(name -> schema.field(name) != null)
                    && struct.get("op") instanceof String operation) {
                return new ChangeEvent(operation, field(struct, "before"), field(struct, "after"));
            }
        } else if (value instanceof Map<?, ?> map
                && map.keySet().containsAll(FIELDS)
                && map.get("op") instanceof String operation) {
            return new ChangeEvent(operation, map.get("before"), map.get("after"));
        }
        return null;
    }

    private static @Nullable Object field(Struct struct, String name) {
        return struct.schema().field(name) == null ? null : struct.get(name);
    }
}
