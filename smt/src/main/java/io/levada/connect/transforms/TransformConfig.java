/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The parsed keys of a transform; its values are not logged, since a chain may hold dozens. */
final class TransformConfig extends AbstractConfig {

    /** A list that the user must fill and may repeat values in. */
    static final ConfigDef.Validator FILLED_LIST =
            ConfigDef.LambdaValidator.with(TransformConfig::refuseEmpty, () -> "non-empty list");

    /** A list that the user must fill, each value once. */
    static final ConfigDef.Validator FILLED_SET = ConfigDef.ValidList.anyNonDuplicateValues(false, false);

    /** A list that may be empty, each value once. */
    static final ConfigDef.Validator SET = ConfigDef.ValidList.anyNonDuplicateValues(true, false);

    /** @throws ConfigException if a value does not fit its key */
    TransformConfig(ConfigDef definition, Map<String, ?> properties) {
        super(definition, properties, false);
    }

    private static void refuseEmpty(String name, @Nullable Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw new ConfigException(name, value, "must name at least one");
        }
    }
}
