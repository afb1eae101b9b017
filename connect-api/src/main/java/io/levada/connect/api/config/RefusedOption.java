/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** A key that another implementation of a connector has and this one does not: setting it is an error, never a no-op. */
final class RefusedOption {

    private RefusedOption() {}

    static ConfigDef.ConfigKey key(String name, String reason) {
        return OptionKey.ofAnother(name, "Not supported", reason, new Refusal(reason));
    }

    private record Refusal(String reason) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value != null && !value.toString().isBlank()) {
                throw new ConfigException(name + " is not supported by this connector: " + reason + ". Remove it.");
            }
        }

        @Override
        public String toString() {
            return "must not be set";
        }
    }
}
