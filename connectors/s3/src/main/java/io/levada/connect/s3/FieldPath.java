/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Finds a field in a Struct or map; dots lead into nested ones, unless a field has the whole name. */
final class FieldPath {
    private FieldPath() {}

    /** The value of the field, or null if it is null or not there. */
    static @Nullable Object valueOf(@Nullable Object container, String path) {
        Object direct = member(container, path);
        int dot = path.indexOf('.');
        if (direct != null || dot < 0) {
            return direct;
        }
        Object nested = member(container, path.substring(0, dot));
        return nested == null ? null : valueOf(nested, path.substring(dot + 1));
    }

    private static @Nullable Object member(@Nullable Object container, String name) {
        if (container instanceof Struct struct) {
            Field field = struct.schema().field(name);
            return field == null ? null : struct.get(field);
        }
        return container instanceof Map<?, ?> map ? map.get(name) : null;
    }
}
