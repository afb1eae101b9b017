/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Puts values into structs without the check of {@link Struct#put}, which makes a text and looks up two maps for each value: as much as all
 * else that is done to read a row. For those who made the field's schema and the value's reader together, or take the value from a struct
 * whose field has the same type. Where assertions are on, as in tests, each value is checked all the same.
 */
public final class StructValues {

    /** Where a struct keeps its values; null if this version of Kafka keeps them elsewhere. */
    private static final @Nullable VarHandle VALUES = values();

    private StructValues() {}

    private static @Nullable VarHandle values() {
        try {
            return MethodHandles.privateLookupIn(Struct.class, MethodHandles.lookup())
                    .findVarHandle(Struct.class, "values", Object[].class);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /**
     * Puts a value of the field's type; null is checked as ever.
     *
     * @param struct of the schema that has the field
     */
    public static void put(Struct struct, Field field, @Nullable Object value) {
        if (VALUES == null || value == null) {
            Struct unused = struct.put(field, value);
        } else {
            assert isOfType(field, value);
            ((Object[]) VALUES.get(struct))[field.index()] = value;
        }
    }

    /** What {@link Struct#put} asks; only where assertions are on, as in tests. */
    private static boolean isOfType(Field field, Object value) {
        ConnectSchema.validateValue(field.name(), field.schema(), value);
        return true;
    }

    /** Whether values are put without a check. */
    static boolean arePutUnchecked() {
        return VALUES != null;
    }
}
