/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** What a transform sees where a field is null although its schema has a default (KIP-1040). */
enum Nulls {
    BECOME_DEFAULT {
        @Override
        @Nullable
        Object read(Struct struct, Field field) {
            return struct.get(field);
        }
    },

    STAY_NULL {
        @Override
        @Nullable
        Object read(Struct struct, Field field) {
            return struct.getWithoutDefault(field.name());
        }
    };

    private static final String KEY = "replace.null.with.default";

    /** The value of {@code field}, which must be one of the struct's own schema. */
    abstract @Nullable Object read(Struct struct, Field field);

    /** Adds the key that {@link #from} reads. */
    static ConfigDef define(ConfigDef definition) {
        return definition.define(
                KEY,
                ConfigDef.Type.BOOLEAN,
                true,
                ConfigDef.Importance.MEDIUM,
                "Whether a null field whose schema has a default is written as that default (true) or stays null (false).");
    }

    static Nulls from(AbstractConfig config) {
        return config.getBoolean(KEY) ? BECOME_DEFAULT : STAY_NULL;
    }
}
