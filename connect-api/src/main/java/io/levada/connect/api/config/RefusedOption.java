/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** A key that another implementation of a connector has and this one does not: setting it is an error, never a no-op. */
final class RefusedOption {

    private RefusedOption() {}

    static ConfigDef.ConfigKey key(String name, String reason) {
        return new ConfigDef.ConfigKey(
                name,
                ConfigDef.Type.STRING,
                null,
                new Refusal(reason),
                ConfigDef.Importance.LOW,
                "Not supported: " + reason,
                "Not supported",
                -1,
                ConfigDef.Width.NONE,
                name,
                List.of(),
                null,
                false);
    }

    private record Refusal(String reason) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value != null) {
                throw new ConfigException(name + " is not supported by this connector: " + reason + ". Remove it.");
            }
        }

        @Override
        public String toString() {
            return "must not be set";
        }
    }
}
